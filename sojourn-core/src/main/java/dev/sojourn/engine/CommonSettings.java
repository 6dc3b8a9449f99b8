package dev.sojourn.engine;

import dev.sojourn.SessionListener;
import dev.sojourn.UnreadablePolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/** What every kind of session source is configured with, complete and checked: no store, no cookie, no timeout. */
public abstract class CommonSettings {
    private final UnaryOperator<String> subjects;
    final ValueCodec values;
    final TrustedProxies proxies;
    /** Ticks in milliseconds: as exact as records keep times. */
    final Clock clock;

    final SessionListener listener;
    final UnreadablePolicy whenUnreadable;
    final CrossSiteSettings crossSite;
    /** The paths that only signed-in users may request. */
    final PathRules signInPaths;

    /** @param foreignRoundTrip returns what another program that reads and writes the same records leaves of a value */
    CommonSettings(Builder from, UnaryOperator<byte[]> foreignRoundTrip) {
        this.clock = Clock.tick(from.clock, Duration.ofMillis(1));
        this.subjects = from.subjects;
        this.values = new ValueCodec(from.mapper, foreignRoundTrip);
        this.proxies = new TrustedProxies(from.trustedProxies);
        this.listener = from.listener;
        this.whenUnreadable = from.whenUnreadable;
        this.crossSite = from.crossSite.build();
        this.signInPaths = PathRules.of("a requireSignIn", from.signInPaths);
    }

    /**
     * Checks the JSON library by writing and reading a value.
     *
     * @throws IllegalStateException if the versions of its parts do not fit together
     */
    public static void checkLibraries() {
        try {
            JacksonCheck.run();
        } catch (LinkageError e) {
            throw JacksonCheck.failure(e);
        }
    }

    /**
     * Returns the subject under which a user's sessions are kept.
     *
     * @param name the user name as the application passes it
     * @return the name normalized by the application's rule
     * @throws IllegalArgumentException if no user can be called that, or the rule changes its own result
     */
    public String subject(String name) {
        TextRules.requireSubject(name);
        String subject = subjects.apply(name);
        TextRules.requireSubject(subject);
        if (!subjects.apply(subject).equals(subject)) {
            throw new IllegalArgumentException(
                    "the rule of c.normalizeSubjects(...) gives another name for a name that it has"
                            + " given: make it leave its own results alone, as toLowerCase(Locale.ROOT) does");
        }
        return subject;
    }

    /** Collects the options that every kind of session source has. Its fields are the configuration's defaults. */
    public abstract static class Builder {
        /** See {@code CommonConfig.normalizeSubjects}. */
        public UnaryOperator<String> subjects = UnaryOperator.identity();
        /** See {@code CommonConfig.jsonMapper}. */
        public JsonMapper mapper = JsonMapper.builder().build();
        /** See {@code CommonConfig.trustedProxies}. */
        public List<String> trustedProxies = List.of();
        /** See {@code CommonConfig.requireSignIn}. */
        public List<String> signInPaths = List.of();
        /** See {@code CommonConfig.clock}. */
        public Clock clock = Clock.systemUTC();
        /** See {@code CommonConfig.listener}. */
        public SessionListener listener = new SessionListener() {};
        /** See {@code CommonConfig.whenUnreadable}. */
        public UnreadablePolicy whenUnreadable = UnreadablePolicy.IGNORE_ATTRIBUTE;

        /** See {@code CommonConfig.csrf}. */
        public final CrossSiteSettings.Builder crossSite = new CrossSiteSettings.Builder();

        Builder() {}
    }
}
