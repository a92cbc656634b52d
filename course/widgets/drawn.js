export default { render: (context) => shelf.of(context.model.get("spec").type).promise.then(() => shelf.render(context)) };
