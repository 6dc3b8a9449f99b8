package dev.sojourn.histories;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The options of the nodes in a history of tokens, and what they change about the guarantees. */
enum AccessMode {
    /** The defaults: sealed access tokens, and no token is accepted without a young list of revocations. */
    STRICT,
    /** The defaults, on a Redis that replicates asynchronously and whose masters die. */
    FAILOVER,
    /**
     * Signed access tokens; refresh tokens are accepted long after a response may have been lost; the first node accepts tokens
     * for a while although the revocations are unavailable.
     */
    LENIENT;

    /** The node that accepts tokens while the revocations are unavailable. */
    static final int TOLERANT_NODE = 0;

    /** How old its list may be: four seconds of the machine's time. */
    static final Duration TOLERANCE = Duration.ofSeconds(4L * NodeClock.SPEED);

    /** Longer than a history. */
    static final Duration LOST_RESPONSES = Duration.ofHours(1);

    /** Returns the mode of a seed. */
    static AccessMode of(Settings settings) {
        return switch (Math.floorMod(settings.seed(), 3)) {
            case 0 -> LENIENT;
            case 1 -> FAILOVER;
            default -> STRICT;
        };
    }

    /** Returns the times that the guarantees name. */
    AccessTimes times() {
        AccessTimes strict = AccessTimes.ofNodes();
        return this == LENIENT
                ? new AccessTimes(strict.delay(), strict.grace(), NodeClock.realNanos(TOLERANCE), true)
                : strict;
    }

    /** Returns for each node the options that {@link AccessNode} reads. */
    List<List<String>> options(int nodes) {
        String key = this == LENIENT ? newKey() : "";
        List<List<String>> all = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            List<String> options = new ArrayList<>();
            if (this == LENIENT) {
                options.add(AccessNode.SIGNED + key);
                options.add(AccessNode.LOST_RESPONSES);
                if (node == TOLERANT_NODE) {
                    options.add(AccessNode.TOLERANT);
                }
            }
            all.add(options);
        }
        return all;
    }

    /** Returns a new private key in the only line of a PEM block. */
    private static String newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return Base64.getEncoder()
                    .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no keys for ES256", e);
        }
    }
}
