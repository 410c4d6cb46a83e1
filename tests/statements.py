"""Answers put into groups."""

from qa.agreement import Statement, group_answers

HOW_MANY = "How many troops are based there?"
WHEN = "When did it happen?"


def group(question: str, *answers: str) -> list[list[str]]:
    statements = [
        Statement(f"Report {number} says {answer}.", answer, f"{number}.txt")
        for number, answer in enumerate(answers)
    ]
    return [
        [statements[index].answer for index in found.statements]
        for found in group_answers(question, statements)
    ]
