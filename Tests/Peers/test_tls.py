"""`akin serve --certificate`: HTTPS without a proxy, by a certificate that is made here."""

import shutil
import subprocess

import pytest
import requests

from conftest import AKIN, Server, akin


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl")
    folder = tmp_path_factory.mktemp("certificate")
    for name in "one", "other":
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder / f"{name}.key",
             "-out", folder / f"{name}.pem"], check=True, capture_output=True)
    return folder


def test_https(library, certificate, tmp_path):
    copy = tmp_path / "library.sqlite"
    for path in library.parent.glob("library.sqlite*"):
        shutil.copy(path, copy.parent / path.name)
    akin("user", "add", "anna", "--library", copy, given="sesame\n")
    server = Server(copy, "--certificate", certificate / "one.pem", "--certificate-key", certificate / "one.key")
    try:
        assert server.url.startswith("https://127.0.0.1:")
        session = requests.Session()
        # Or else REQUESTS_CA_BUNDLE would count more than what is said here.
        session.trust_env = False
        session.verify = str(certificate / "one.pem")
        login = session.post(server.url + "/api/v1/session", json={"name": "anna", "password": "sesame"})
        assert login.status_code == 204 and "Secure" in login.headers["Set-Cookie"]
        assert session.get(server.url + "/api/v1/songs/1").status_code == 200
        part = session.get(server.url + "/api/v1/songs/1/stream", headers={"Range": "bytes=0-99"})
        assert part.status_code == 206 and len(part.content) == 100
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(server.url + "/health", verify=str(certificate / "other.pem"), timeout=10)
        # Without TLS nothing is said, and the server goes on.
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(server.url.replace("https", "http") + "/health", timeout=10)
        assert session.get(server.url + "/health").text == "ok\n"
    finally:
        server.stop()


@pytest.mark.parametrize("chain, key, words", [
    ("one.pem", "other.key", "is not that of the certificate"), ("one.key", "one.key", "no certificate in PEM"),
    ("one.pem", "one.pem", "no private key in PEM"), ("none.pem", "one.key", "No such file"),
])
def test_what_is_no_certificate_is_told(library, certificate, chain, key, words):
    done = subprocess.run(
        [AKIN, "serve", "--port", "0", "--library", library, "--certificate", certificate / chain,
         "--certificate-key", certificate / key], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and words in done.stderr and done.stdout == ""
