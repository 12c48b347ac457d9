"""What all tables of a run file have in common: unknown keys are refused, every key is described."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A table of the run file: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=False
    )


def about(description: str, default: Any = None, **more: Any) -> Any:
    """A key with a default and the description that the documentation prints."""
    return Field(default=default, description=description, **more)
