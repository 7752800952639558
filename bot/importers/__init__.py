"""From the bytes of saved forum pages to an `ImportedDiscussion`; pure, without input or output.

`page.read_pages` is the way in. Data goes one way: `decoding` (bytes → text), `html_lines` or
`lines` (text → lines), `scanning` (lines → the parts of a page), `numbering` (parts → posts with
their place in the discussion), `merging` (pages → the discussion, with what replies answer).
`sites` holds what differs from site to site.
"""
