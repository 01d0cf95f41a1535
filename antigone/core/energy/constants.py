"""The constants of EcoLogits 0.9.1 (MPL-2.0, published by GenAI Impact), from its measures on ML.ENERGY and BoaviztAPI.

They belong together and to that version: change all of them at once, or none.
"""

SOURCE = "EcoLogits 0.9.1"

# Requests that a server answers at once.
BATCH = 64
# Wh of one GPU for each token written: ALPHA · exp(BETA · BATCH) · active parameters (billions) + GAMMA.
ENERGY_ALPHA = 1.1665273170451914e-06
ENERGY_BETA = -0.011205921025579175
ENERGY_GAMMA = 4.052928146734005e-05
# Seconds for each token: ALPHA · active parameters (billions) + BETA · BATCH + GAMMA.
LATENCY_ALPHA = 0.0006785088094353663
LATENCY_BETA = 0.0003119310311688259
LATENCY_GAMMA = 0.019473717579473387
# A GPU has so many GB; weights take 1.2 times their size, of 16 bits a parameter.
GPU_GB = 80
WEIGHTS_OVERHEAD = 1.2
BITS = 16
# A server of eight GPUs draws so many W without them.
SERVER_GPUS = 8
SERVER_WATTS = 1_200.0
# g of CO2 equivalent to make a server without its GPUs, and a GPU; both serve three years.
SERVER_MADE_G = 5_700_000.0
GPU_MADE_G = 164_000.0
LIFE_SECONDS = 3 * 365 * 24 * 60 * 60.0

# Electricity: g of CO2 equivalent and litres of water for each kWh, where machines stand.
MIXES = {"FRA": (44.18, 3.6737)}
