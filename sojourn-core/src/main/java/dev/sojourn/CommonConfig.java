package dev.sojourn;

import dev.sojourn.engine.CommonSettings;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;

/**
 * The options that every kind of session has, wherever it is kept. Each method documents its default; all return the
 * same object. Not thread-safe; sealed when the {@code create} method that passed it has returned.
 *
 * @param <C> the configuration itself
 */
public abstract class CommonConfig<C extends CommonConfig<C>> {
    private final CommonSettings.Builder common;
    private final String factory;
    private boolean sealed;

    /**
     * @param common what the options are collected in
     * @param factory the method that passes this, for a message
     */
    CommonConfig(CommonSettings.Builder common, String factory) {
        this.common = common;
        this.factory = factory;
    }

    /**
     * Sets the rule that brings each name of a user to one spelling, wherever a name enters: {@link Session#login},
     * {@link Sessions#of}, {@link Revocations#endAll}, the drop-in and Spring. Default: names are compared exactly, so {@code ALICE} and {@code
     * alice} are different users. An application whose logins ignore case needs the same rule here. Sessions from
     * before the rule keep the name under which they began.
     *
     * @param rule returns the one spelling, and returns that spelling unchanged; for example {@code name ->
     *     name.toLowerCase(Locale.ROOT)}
     * @return this
     */
    public C normalizeSubjects(UnaryOperator<String> rule) {
        common().subjects = Objects.requireNonNull(rule, "rule");
        return self();
    }

    /**
     * Sets the proxies whose headers are trusted about whether the client used https ({@code X-Forwarded-Proto} or
     * {@code Forwarded}), about its address ({@code X-Forwarded-For}), and about the host that it named ({@code
     * X-Forwarded-Host}). Default: none. Forwarded headers from any other peer are ignored.
     *
     * @param networks addresses or networks, for example {@code 10.0.0.0/8} or {@code ::1}
     * @return this
     * @throws IllegalArgumentException if one is neither
     */
    public C trustedProxies(String... networks) {
        common().trustedProxies = List.of(networks);
        return self();
    }

    /**
     * Sets the options of the protection against cross-site request forgery. Default: on, see {@link CsrfOptions}. No effect
     * on {@link TokenViews}, which read no cookie. May be called several times.
     *
     * @param options sets what differs from the default
     * @return this
     */
    public C csrf(Consumer<CsrfOptions> options) {
        Objects.requireNonNull(options, "options").accept(new CsrfOptions(common().crossSite));
        return self();
    }

    /**
     * Sets the paths that only signed-in users may request. A request without a user gets a 401 before any handler runs, as
     * by {@link SignInRequiredException}; one whose token is refused gets a {@link TokenRefusedException}. Each request to
     * these paths loads its session, or verifies its token; all others cost nothing. Default: none. The login page must not
     * be among them. A request without credentials is refused whatever its method is, a CORS preflight ({@code OPTIONS})
     * too: answer it before this filter.
     *
     * <p>Only the request's own path is examined. A handler that is reached in another way (a forward of a servlet to
     * another path, a rewriting router) calls {@link SessionView#requireSubject}.
     *
     * @param paths each covers itself and everything below it, below any prefix at which the application is mounted, and in
     *     every spelling that a router may accept for it; in doubt a request counts as covered
     * @return this
     * @throws IllegalArgumentException when the sessions are created, if one does not begin with a slash
     */
    public C requireSignIn(String... paths) {
        common().signInPaths = List.of(paths);
        return self();
    }

    /**
     * Sets the mapper that writes attributes as JSON and reads them. Default: Jackson's own. Sojourn enforces its
     * own strictness, whatever the mapper's settings: values are never coerced silently, dates keep their zones,
     * and enum constants use their names. The mapper's JSON shapes apply as long as a value reads back unchanged;
     * otherwise the value is rejected when it is set.
     *
     * @param mapper the mapper, without default typing
     * @return this
     * @throws IllegalArgumentException when the sessions are created, if the mapper has default typing, which lets
     *     stored data name classes
     */
    public C jsonMapper(JsonMapper mapper) {
        common().mapper = Objects.requireNonNull(mapper, "mapper");
        return self();
    }

    /**
     * Sets what happens when stored data cannot be read. Default {@link UnreadablePolicy#IGNORE_ATTRIBUTE}.
     *
     * @param policy the policy
     * @return this
     */
    public C whenUnreadable(UnreadablePolicy policy) {
        common().whenUnreadable = Objects.requireNonNull(policy, "policy");
        return self();
    }

    /**
     * Sets the event listener. Default: none.
     *
     * @param listener the listener
     * @return this
     */
    public C listener(SessionListener listener) {
        common().listener = Objects.requireNonNull(listener, "listener");
        return self();
    }

    /**
     * Sets the clock. Default: the system's clock.
     *
     * @param clock the clock, read to the millisecond
     * @return this
     */
    public C clock(Clock clock) {
        common().clock = Objects.requireNonNull(clock, "clock");
        return self();
    }

    private CommonSettings.Builder common() {
        checkOpen();
        return common;
    }

    /** Throws if the configuration is sealed. */
    final void checkOpen() {
        if (sealed) {
            throw new IllegalStateException("the configuration is sealed once " + factory + " has returned");
        }
    }

    /** Ends the configuration. */
    final void seal() {
        sealed = true;
    }

    /** Returns this configuration. */
    @SuppressWarnings("unchecked") // each subclass names itself
    final C self() {
        return (C) this;
    }
}
