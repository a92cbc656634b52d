"""What all labs share.

A lab is a pure module: ``TITLE``, ``text()`` (on paper), ``start() → State``, ``show(state) → parts`` (texts and
controls, see ``parts``) and ``act(state, control, value) → State``. ``State`` is a frozen record of what somebody
chose and typed, no more; its fields say which values there are (``state``), so that one which comes back from a
browser is checked before anything uses it. ``play`` takes one step; who draws the parts is no matter of a lab.
"""
