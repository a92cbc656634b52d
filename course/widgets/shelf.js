// Where the one copy of the questions' code is found, whichever widget comes first: the frame of every question, and a
// drawing for each type that this page uses.
const shelf = (window.moduongShelf ??= { draw: {}, wanted: {} });
/** What waits for the drawing of a type: {promise, found}. */
shelf.of ??= (type) => {
  const begin = () => {
    let found;
    const promise = new Promise((resolve) => { found = resolve; });
    return { promise, found };
  };
  return (shelf.wanted[type] ??= begin());
};
