"""What words are: sentences, language, display width, URLs, markup turned to text.

Pure functions over strings, for every stage. Import from the module that does it:
`digest.text.sentences`, `words`, `language`, `widths`, `urls`, `markup`.
"""
