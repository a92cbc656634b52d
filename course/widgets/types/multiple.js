const draw = (spec, changed) => drawOptions(spec, changed, "checkbox");
