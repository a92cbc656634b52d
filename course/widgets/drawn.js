export default { render: (context) => shelf.ready.then(() => shelf.render(context)) };
