"""From the bytes of a saved forum page to an `ImportedDiscussion`; pure, without input or output.

`page.read_page` is the way in. Data goes one way: `decoding` (bytes → text), `text_page`
(text → the parts of a page), `numbering` (parts → posts with their place in the discussion).
`sites` holds what differs from site to site.
"""
