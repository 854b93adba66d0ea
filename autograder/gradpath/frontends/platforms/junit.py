"""JUnit's XML, which Artemis, CodeGrade, GitLab and many others read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from gradpath.frontends.platforms.answer import Answer, Format
from gradpath.text.languages import tell
from gradpath.text.messages import Message

if TYPE_CHECKING:
    from xml.etree import ElementTree

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _files(answer: Answer) -> Mapping[str, bytes]:
    from xml.etree import ElementTree  # `gradpath check` has all forms in its options

    slug = answer.result.assignment
    suite = ElementTree.Element("testsuite", name=slug, tests="0")
    if answer.message or not answer.readable:
        _case(suite, slug, tell(Message("the file")), None if answer.readable else answer.message)
    for entry in answer.entries:
        case = _case(suite, entry.function, entry.title, None if entry.passed else entry.text)
        if entry.passed is None:
            case.remove(case[0])
            ElementTree.SubElement(case, "skipped", message=_text(entry.text))
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("*/failure"))))
    suite.set("skipped", str(len(suite.findall("*/skipped"))))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return {"": ElementTree.tostring(root, "utf-8", xml_declaration=True) + b"\n"}


def _case(
    suite: ElementTree.Element, function: str, title: str, failure: str | None
) -> ElementTree.Element:
    from xml.etree import ElementTree

    case = ElementTree.SubElement(suite, "testcase", classname=_text(function), name=_text(title))
    if failure is not None:
        first, _, _ = failure.partition("\n")
        ElementTree.SubElement(case, "failure", message=_text(first)).text = _text(failure)
    return case


def _text(text: str) -> str:
    return _NOT_XML.sub("?", text)


FORMAT = Format(_files)
