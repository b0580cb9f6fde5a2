-- The numbers of all programmes that a thing has to do with, packed.
SELECT programmes FROM member JOIN thing ON thing.id = member.thing WHERE iri = ?
