// Package proof fixes the sides of a tasting before anybody votes, and shows
// afterwards that they were not changed. It stands alone so that an auditor
// need read nothing else: the encoding that is hashed ([Proof]), what is
// published, and the check ([Verify]) that an outsider runs on that text.
package proof
