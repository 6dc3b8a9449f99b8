package dev.sojourn.engine;

import dev.sojourn.engine.DeclaredTypes.DeclaredType;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.TokenVerifier;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What reading access tokens needs, where sessions of any kind have views of them. Thread-safe. */
final class TokenSettings {
    final CommonSettings common;
    final List<TokenVerifier> verifiers;
    /** What was revoked; null if logouts elsewhere are not known here. */
    final @Nullable RevocationList revocations;

    final TokenCheck check;
    /** Whether verifying a token may block; the application's own formats do no I/O. */
    private final boolean verifiersMayBlock;
    /** What is known of texts, for a claim that Sojourn adds. */
    final DeclaredType texts;

    private final SecureRandom random;
    private final LogOnce logged = new LogOnce();

    /**
     * Combines the settings.
     *
     * @param common the clock, the listener, and how subjects and values are read
     * @param verifiers who accepts tokens, in the order in which they are asked
     * @param revocations what was revoked, or null; the caller has named the lifetime of its tokens
     * @param random the source of public ids for anonymous views
     */
    TokenSettings(
            CommonSettings common,
            List<TokenVerifier> verifiers,
            @Nullable RevocationList revocations,
            SecureRandom random) {
        this.common = common;
        this.verifiers = List.copyOf(verifiers);
        this.revocations = revocations;
        this.random = random;
        this.texts = common.values.declaredType(common.values.type(String.class));
        this.verifiersMayBlock = !verifiers.stream().allMatch(AccessTokenFormat.class::isInstance);
        this.check = new TokenCheck(this);
    }

    /** Whether checking a token may block at this moment. */
    boolean mayBlock() {
        return verifiersMayBlock || (revocations != null && revocations.mayBlock());
    }

    /** Whether checking a token blocks at this moment only because the list of revocations has to be read. */
    boolean isRefreshDue() {
        return !verifiersMayBlock && mayBlock();
    }

    EventBuffer events() {
        return new EventBuffer(common.listener, logged);
    }

    String newPublicId() {
        return SessionIds.randomPublicId(random);
    }

    /** Logs once that code of another author failed on a token. Not its message, which may quote the token. */
    void complain(String what, Throwable problem) {
        StackTraceElement[] trace = problem.getStackTrace();
        String message = what + " failed, so the token is refused: "
                + problem.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
        EventBuffer.logger().log(logged.isNew(message) ? Level.WARNING : Level.DEBUG, message);
    }
}
