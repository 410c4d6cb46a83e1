"""Ask a running Dateline with gradio_client, which comes with Dateline.

``python examples/gradio_ask.py "Who signed the treaties?" [http://127.0.0.1:7860]``; the token that
the server asks for is taken from DATELINE_TOKEN.
"""

import os
import sys

from gradio_client import Client

question, url = (*sys.argv[1:], "http://127.0.0.1:7860")[:2]
token = os.environ.get("DATELINE_TOKEN")
known = {"Authorization": f"Bearer {token}"} if token else None
client = Client(url, headers=known, verbose=False, analytics_enabled=False)
print(client.predict(question, api_name="/ask")["text"])
