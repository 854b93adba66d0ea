"""Submitty's custom validator: `validation_results.json` (its documentation, validation.md)."""

from __future__ import annotations

from collections.abc import Mapping

from gradpath.frontends.platforms.answer import Answer, Format, as_json


def _files(answer: Answer) -> Mapping[str, bytes]:
    messages = [{"message": line, "status": "information"} for line in answer.message.splitlines()]
    for entry in answer.entries:
        text = f"{entry.name}\n{entry.text}" if entry.text else entry.name
        status = {True: "success", False: "failure", None: "information"}[entry.passed]
        messages.append({"message": text, "status": status})
    status = "success" if answer.share == 1 else "warning" if answer.share else "failure"
    data = {"score": answer.share, "message": messages, "status": status}
    return as_json({"status": "success", "data": data})


FORMAT = Format(_files, "validation_results.json")
