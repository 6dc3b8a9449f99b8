package dev.sojourn.histories;

import java.util.List;
import java.util.Random;

/** The kind of sessions that the nodes have, and what a client does with them. */
enum AccessFlavor {
    /** Sealed sessions: the cookie is the only token. */
    SEALED,
    /** Token sessions: an access token, and a refresh token in a cookie. */
    TOKENS;

    private static final List<AccessKind> SEALED_USES = List.of(AccessKind.USE, AccessKind.USE, AccessKind.WRITE);
    private static final List<AccessKind> TOKEN_USES =
            List.of(AccessKind.USE, AccessKind.USE, AccessKind.LOAD, AccessKind.REFRESH, AccessKind.REFRESH);

    /** Picks what a client does with a session that it does not end. */
    AccessKind pickUse(Random random) {
        List<AccessKind> uses = this == SEALED ? SEALED_USES : TOKEN_USES;
        return uses.get(random.nextInt(uses.size()));
    }

    /** Returns an operation that ends one session. */
    AccessKind pickEnd(Random random) {
        return this == TOKENS && random.nextBoolean() ? AccessKind.REVOKE : AccessKind.LOGOUT;
    }

    /** Returns whether clients of these sessions use this operation. */
    boolean has(AccessKind kind) {
        return this == TOKENS ? kind != AccessKind.WRITE : kind != AccessKind.LOAD && !kind.usesRefreshToken();
    }

    /** Returns the header line that carries a token. */
    String header(AccessKind kind, String token) {
        boolean inCookie = this == SEALED || kind.usesRefreshToken();
        return inCookie ? "Cookie: " + token : "Authorization: Bearer " + token;
    }
}
