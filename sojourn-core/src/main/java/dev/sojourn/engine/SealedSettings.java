package dev.sojourn.engine;

import dev.sojourn.SessionTooLargeException;
import dev.sojourn.spi.LogText;
import dev.sojourn.spi.SealFormat;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The configuration of sealed sessions, complete and checked: no store. */
public final class SealedSettings extends ScopeSettings {
    /** The size that all browsers keep, name and value together: Safari's, 3 bytes less than the others'. */
    static final int LARGEST = 4_093;
    /** From this size on the listener is warned: proxies often limit all of a request's headers to 4 or 8 kB. */
    static final int LARGE = 2_048;
    /** How far the clocks of two nodes may differ. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

    private static final int NAMED = 5;
    private static final String ADVICE = "Keep large data in a database and its key in the session, or keep sessions in"
            + " a store (Sessions.create)";

    final List<SealedRoute> routes;
    final EndedSessions ended;
    final Supplier<String> ids;
    final int maxAttributes;
    final OncePerHour warnings;
    final CrossSiteGuard guard;
    /** Seals CSRF tokens. */
    final SealFormat csrfSeal;

    private SealedSettings(Builder from) {
        super(from, EngineSettings.ownRecords());
        SealFormat seal = required(from.seal);
        this.ended = ended(from);
        this.routes =
                transports.stream().map(each -> new SealedRoute(each, seal)).toList();
        this.ids = SessionIds.random(from.random, SealedRecord.ID_BYTES);
        AttributeLimits.checkMaxAttributes(from.maxAttributes);
        this.maxAttributes = from.maxAttributes;
        this.warnings = new OncePerHour(from.clock);
        this.guard = new CrossSiteGuard(this, transports);
        this.csrfSeal = seal.forPurpose("csrf");
    }

    private static SealFormat required(@Nullable SealFormat seal) {
        if (seal == null) {
            throw new IllegalArgumentException(
                    "sealed sessions need a seal: c.seal(Jwe.secret(secret)), from the module"
                            + " sojourn-jwt, with a secret that every node has");
        }
        return seal;
    }

    private EndedSessions ended(Builder from) {
        if (from.revocations == null && !from.logoutOnlyClearsTheCookie) {
            throw new IllegalArgumentException(
                    "sealed sessions need a decision about logout, because a client can keep a"
                            + " copy of its cookie: c.revocations(Revocations.in(store)) ends access on every node, and"
                            + " c.logoutOnlyClearsTheCookie() accepts that a copy works until it expires");
        }
        if (from.revocations == null) {
            return EndedSessions.None.INSTANCE;
        }
        if (from.logoutOnlyClearsTheCookie) {
            throw new IllegalArgumentException(
                    "c.revocations(...) and c.logoutOnlyClearsTheCookie() contradict each other: leave one of them away");
        }
        if (deadlines.absoluteTimeout().isZero()) {
            throw new IllegalArgumentException("c.revocations(...) needs an absoluteTimeout: without one, a revocation"
                    + " would have to be kept for ever. Set c.absoluteTimeout(...)");
        }
        from.revocations.addSubjectRule(this::subject);
        return RevokedSessions.in(from.revocations, deadlines.absoluteTimeout());
    }

    /** Returns the longest time for which a sealed text can be of use. */
    Duration maxAge() {
        Duration absolute = deadlines.absoluteTimeout();
        return absolute.isZero() ? Deadlines.LONGEST : absolute;
    }

    /**
     * Checks the absolute timeout of one session. A longer one than the configured could outlive its revocation, and would
     * be refused before it is opened.
     */
    void checkAbsoluteTimeout(Duration own) {
        Duration longest = deadlines.absoluteTimeout();
        if (!longest.isZero() && (own.isZero() || own.compareTo(longest) > 0)) {
            throw new IllegalArgumentException(
                    "the absolute timeout of one sealed session is at most the configured one of "
                            + longest + ", not " + (own.isZero() ? "none" : own)
                            + ": set c.absoluteTimeout(...) to the longest that any session needs, and shorten it for the others");
        }
    }

    /** Returns a record whose own absolute timeout, sealed under another configuration, is within this one's. */
    SessionRecord withinAbsoluteTimeout(SessionRecord record) {
        SessionSettings settings = record.settings();
        Duration own = settings.absoluteTimeout();
        Duration longest = deadlines.absoluteTimeout();
        return own == null || longest.isZero() || (!own.isZero() && own.compareTo(longest) <= 0)
                ? record
                : record.withSettings(settings.withAbsoluteTimeout(longest));
    }

    /** Returns the failure to set an attribute that no cookie has room for. */
    static SessionTooLargeException tooLarge(String attribute, int bytes) {
        return new SessionTooLargeException("attribute " + LogText.quote(attribute) + " alone has " + bytes
                + " bytes, too many for a cookie: a sealed session has at most " + LARGEST
                + " bytes as name and value. " + ADVICE);
    }

    /** Returns the failure to seal a session. */
    static SessionTooLargeException tooLarge(SealedRecord session, int size) {
        return new SessionTooLargeException("the sealed session would have " + size
                + " bytes as a cookie's name and value, browsers keep at most " + LARGEST
                + "; its largest attributes: " + RecordSizeLimit.largest(session.record(), NAMED)
                + ". The client keeps the cookie that it has. " + ADVICE);
    }

    /**
     * Returns when the last copy of a session expires; null if none does for certain. Its idle timeout may reach further than
     * its absolute end, and count if the absolute timeout is raised later.
     */
    @Nullable
    Instant lastUse(SealedRecord session) {
        Instant end = deadlines.absoluteEnd(session.record());
        return end == null || end.isAfter(session.expiresAt()) ? end : session.expiresAt();
    }

    /** Collects the options. Its fields are the configuration's defaults. */
    public static final class Builder extends ScopeSettings.Builder {
        /** See {@code SealedSessions.Config.seal}. */
        public @Nullable SealFormat seal;
        /** See {@code SealedSessions.Config.logoutOnlyClearsTheCookie}. */
        public boolean logoutOnlyClearsTheCookie;

        private @Nullable RevocationList revocations;

        /** The defaults. */
        public Builder() {}

        /**
         * See {@code SealedSessions.Config.revocations}.
         *
         * @param list what ends sessions
         */
        public void revocations(RevocationList list) {
            revocations = list;
        }

        /**
         * Checks the options.
         *
         * @return the settings
         * @throws IllegalArgumentException if one is out of bounds or two of them cannot hold together
         */
        public SealedSettings build() {
            return new SealedSettings(this);
        }
    }
}
