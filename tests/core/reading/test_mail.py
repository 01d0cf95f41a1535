"""Mail: headers first, attachments named."""

from email.message import EmailMessage

from antigone.core.reading import Notice, read


def build_mail(*, html=False):
    message = EmailMessage()
    message["From"] = "Chloé <chloe@ville.example>"
    message["To"] = "bob@ville.example"
    message["Date"] = "Tue, 03 Mar 2026 10:00:00 +0100"
    message["Subject"] = "Séance du conseil"
    if html:
        message.set_content("<p>Bonjour <b>Bob</b></p><script>x</script>", subtype="html")
    else:
        message.set_content("Bonjour Bob,\n\nÀ jeudi.\n")
    return message


def test_read_starts_with_the_headers():
    reading = read(build_mail().as_bytes(), "m.eml")
    assert reading.title == "Séance du conseil"
    assert reading.pages[0].text == (
        "From: Chloé <chloe@ville.example>\nTo: bob@ville.example\nDate: Tue, 03 Mar 2026 10:00:00 +0100\n"
        "Subject: Séance du conseil\nBonjour Bob,\nÀ jeudi."
    )


def test_read_takes_the_html_where_there_is_no_text():
    assert read(build_mail(html=True).as_bytes(), "m.eml").pages[0].text.endswith("conseil\nBonjour Bob")


def test_read_takes_an_unknown_encoding():
    data = build_mail().as_bytes().replace(b'charset="utf-8"', b'charset="x-inconnu"')
    assert read(data, "m.eml").pages[0].text.endswith("Bonjour Bob,\nÀ jeudi.")


def test_read_names_attachments_without_opening_them():
    message = build_mail()
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="ordre du jour.pdf")
    assert read(message.as_bytes(), "m.eml").notices == (
        Notice("attachments_not_read", {"count": 1, "names": "ordre du jour.pdf"}),
    )
