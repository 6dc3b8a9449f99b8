/** Sealed sessions and access tokens: JWE, JWS and JWKS. */
@NullMarked
package dev.sojourn.jwt;

import org.jspecify.annotations.NullMarked;
