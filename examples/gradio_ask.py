"""Ask a running Dateline with gradio_client, which comes with Dateline.

``python examples/gradio_ask.py "Who signed the treaties?" [http://127.0.0.1:7860]``; the token that
the server asks for is taken from DATELINE_TOKEN.
"""

import os
import sys

import httpx
from gradio_client import Client
from gradio_client.exceptions import AuthenticationError

if len(sys.argv) < 2:
    sys.exit(__doc__)
question, url = (*sys.argv[1:], "http://127.0.0.1:7860")[:2]
token = os.environ.get("DATELINE_TOKEN")
known = {"Authorization": f"Bearer {token}"} if token else None
try:
    client = Client(url, headers=known, verbose=False, analytics_enabled=False)
except AuthenticationError:
    sys.exit("The server asks for its token: set DATELINE_TOKEN to the one that it printed.")
except httpx.HTTPError as error:
    sys.exit(f"No Dateline answers at {url} ({error}); start `dateline serve`.")
print(client.predict(question, api_name="/ask")["text"])
