"""The frame of the staff's pages: accounts, roles, sessions, log, menu, policy. It knows no page of its own but these.

A page is a module beside this folder whose name begins with ``coordinator_``, ``marking_``, ``instructor_`` or
``operator_`` and that has ``PLACES``; ``menu`` finds it. From below: ``settings``, ``store``, ``staff``, ``menu``,
``assets``, ``base``, ``signing``, ``server``.
"""
