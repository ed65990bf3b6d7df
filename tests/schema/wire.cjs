// A rule for graphql-inspector's diff: what a client sees on the wire decides whether a change breaks it.
//
// A field of type `String!` that becomes an enum sends the same texts as before, if they were the enum's names already. Clients
// that were written against the string go on working; only generated types change. Fields are named one by one: that the texts
// were the names is for a person to know.
const SAME_TEXTS = ['UserError.code'];

module.exports = ({ changes }) =>
  changes.map((change) => {
    const isSame = change.type === 'FIELD_TYPE_CHANGED' && SAME_TEXTS.includes(change.path);
    return isSame ? { ...change, criticality: { level: 'DANGEROUS', reason: 'The texts on the wire are the same.' } } : change;
  });
