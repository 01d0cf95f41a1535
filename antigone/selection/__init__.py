"""Who sits: a pool and its targets, the fairest chances, a lot drawn in public.

A facilitator prepares a draw and sees at each edit whether panels exist; the chances are computed in the background,
committed to, and a lot thrown in public names the panel. The engine (`core.sortition`) sees pseudonyms alone, so
that what proves a draw can be published. Everybody checks it; only its team knows who the respondents are.
"""
