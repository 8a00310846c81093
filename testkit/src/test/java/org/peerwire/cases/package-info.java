/**
 * The catalogue of hostile and broken peers, as far as one wire meets it: each test begins with the
 * id of its case and runs in both profiles, whole and byte by byte.
 */
@NullMarked
package org.peerwire.cases;

import org.jspecify.annotations.NullMarked;
