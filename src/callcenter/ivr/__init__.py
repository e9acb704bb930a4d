"""The caller chooses: the interpreter of an IVR tree, and what is told about a tree before a caller ever hears it.

:mod:`~callcenter.ivr.walk` is the pure step (position and input in, position and actions out); the twenty-one rules it
keeps are written where they act: codes in :mod:`~callcenter.ivr.matcher`, ways through the tree in
:mod:`~callcenter.ivr.walker`, digits and silence in :mod:`~callcenter.ivr.deciding`. :mod:`~callcenter.ivr.rehearse`
walks a tree in virtual time, :mod:`~callcenter.ivr.check`, :mod:`~callcenter.ivr.paths` and
:mod:`~callcenter.ivr.draw` say what a tree will do.
"""

from __future__ import annotations
