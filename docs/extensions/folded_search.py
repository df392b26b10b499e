"""Search in English and Vietnamese: plurals are found, and words typed without accents."""

import unicodedata
from typing import Final

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

_JAVASCRIPT: Final = """
window.Stemmer = class {
  stemWord(word) {
    const plain = word.normalize("NFD").replace(/\\p{Mn}/gu, "").replaceAll("đ", "d");
    return new EnglishStemmer().stemWord(plain);
  }
};
"""


class FoldedSearch(SearchEnglish):
    """English word stems, of words without their Vietnamese marks; the same in the browser."""

    lang = "folded"
    # Behind the stemmer that Sphinx hands over, under the name that it then looks for.
    js_splitter_code = _JAVASCRIPT

    def stem(self, word: str) -> str:
        """The stem under which a word is found."""
        return super().stem(fold(word))


def fold(word: str) -> str:
    """The word in lower case and without marks: "Đất" is "dat"."""
    apart = unicodedata.normalize("NFD", word.lower())
    plain = "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")
    return plain.replace("đ", "d")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_search_language(FoldedSearch)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
