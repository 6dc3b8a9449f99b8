package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.CommonConfig;
import dev.sojourn.CsrfOptions;
import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.jdbc.JdbcStore;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.SojournFilter;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Checks the effect of the properties, and of the application's beans that replace them. */
class PropertiesTest {
    @TempDir
    private Path folder;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class CounterApp {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }

        @Bean
        Counter counter() {
            return new Counter();
        }
    }

    @RestController
    static class Counter {
        @GetMapping("/count")
        String count(Session session) {
            return session.update("n", Integer.class, n -> n == null ? 1 : n + 1) + " of "
                    + session.idleTimeout().toMinutes() + " and "
                    + session.absoluteTimeout().toHours();
        }

        @GetMapping("/plain")
        String plain() {
            return "plain";
        }

        @GetMapping("/second")
        void second(Session session) {
            session.set("second", 2);
        }
    }

    private static Application startWithMemoryStore(String... properties) {
        return Application.start(
                CounterApp.class, beans -> beans.registerBean(SessionStore.class, MemoryStore::new), properties);
    }

    // ---- options

    @Test
    void the_cookie_has_the_attributes_of_its_properties() {
        try (Application application = startWithMemoryStore(
                "sojourn.cookie.name=visit",
                "sojourn.cookie.path=/count",
                "sojourn.cookie.domain=example.org",
                "sojourn.cookie.same-site=none",
                "sojourn.cookie.partitioned=true",
                "sojourn.cookie.priority=high",
                "sojourn.cookie.lifetime=20d")) {
            assertThat(application.browser().get("/count").header("Set-Cookie").split("; "))
                    .contains(
                            "Path=/count",
                            "Domain=example.org",
                            "SameSite=None",
                            "Partitioned",
                            "Priority=High",
                            "Max-Age=1728000",
                            "Secure",
                            "HttpOnly")
                    .anyMatch(each -> each.startsWith("visit="));
        }
    }

    @Test
    void a_rolling_cookie_over_plain_http_has_the_lifetime_of_the_session() {
        try (Application application = startWithMemoryStore(
                "sojourn.cookie.insecure-http=true",
                "sojourn.cookie.lifetime=session",
                "sojourn.rolling=true",
                "sojourn.idle-timeout=20m",
                "sojourn.absolute-timeout=3h",
                "sojourn.touch-interval=0s")) {
            Browser browser = application.browser();
            assertThat(browser.get("/count").text()).isEqualTo("1 of 20 and 3");
            assertThat(browser.get("/count").header("Set-Cookie"))
                    .startsWith("id=")
                    // at most 20 minutes in whole seconds, because the test takes a moment
                    .containsPattern("Max-Age=1(200|19\\d);")
                    .doesNotContain("Secure");
        }
    }

    @Test
    void options_without_a_property_have_the_defaults_of_the_library() {
        try (Application application = startWithMemoryStore()) {
            Browser browser = application.browser();
            assertThat(browser.get("/count").text()).isEqualTo("1 of 30 and 12");
            assertThat(browser.get("/count").text()).isEqualTo("2 of 30 and 12");
        }
    }

    @Test
    void the_number_of_attributes_is_limited_by_its_property() {
        try (Application application = startWithMemoryStore("sojourn.max-attributes=1")) {
            Browser browser = application.browser();
            assertThat(browser.get("/count").text()).startsWith("1 ");
            assertThat(browser.get("/second").status()).isEqualTo(500);
            assertThat(browser.get("/count").text()).startsWith("2 ");
        }
    }

    @Test
    void requests_that_do_not_use_their_session_touch_it_if_the_property_is_on() {
        FaultyStore store = new FaultyStore(new MemoryStore());
        try (Application application = Application.start(
                CounterApp.class,
                Application.over(store),
                "sojourn.touch-on-every-request=true",
                "sojourn.touch-interval=0s")) {
            Browser browser = application.browser();
            browser.get("/count");
            store.reset();
            assertThat(browser.get("/plain").text()).isEqualTo("plain");
            assertThat(store.calls()).containsExactly(Call.LOAD, Call.TOUCH);
        }
    }

    @Test
    void each_limit_property_sets_the_option_of_the_same_name() {
        assertOutOfBounds("sojourn.max-attributes=0", "maxAttributes");
        assertOutOfBounds("sojourn.max-waiting-saves=-1", "maxWaitingSaves");
        assertOutOfBounds("sojourn.max-hung-store-calls=0", "maxHungStoreCalls");
        assertOutOfBounds("sojourn.max-sessions-per-user=0", "maxSessionsPerUser");
        assertOutOfBounds("sojourn.max-waiting-exclusive=-1", "maxWaitingExclusive");
        assertOutOfBounds("sojourn.exclusive-lease=999ms", "exclusiveLease");
        assertOutOfBounds("sojourn.exclusive-wait=-1ms", "exclusiveWait");
        assertOutOfBounds("sojourn.remember-me=401d", "remember-me");
        assertOutOfBounds("sojourn.renew-token-every=59s", "renewTokenEvery");
        assertOutOfBounds("sojourn.renewal-grace=1m", "renewalGrace");
        assertOutOfBounds("sojourn.encrypt-records=short", "encryptRecords");
        assertOutOfBounds("sojourn.read-encrypted-records=short", "encryptRecords");
    }

    private static void assertOutOfBounds(String property, String option) {
        assertRejected(List.of(option), "sojourn.store=memory", "sojourn.exclusive=/count", property);
    }

    /** Options whose values are code, which a SessionsCustomizer sets. */
    private static final Set<String> CODE_OPTIONS = Set.of(
            "transport",
            "also-accept",
            "normalize-subjects",
            "new-tokens-by",
            "genid",
            "device-name",
            "clock",
            "random",
            "executor",
            "listener",
            "json-mapper",
            "record-format",
            "token-format");

    @Test
    void every_option_of_the_library_except_code_has_a_documented_property() throws Exception {
        Map<String, String> described = descriptions();
        assertThat(described).allSatisfy((property, text) -> assertThat(text).isNotBlank());
        assertThat(Stream.of(Sessions.Config.class.getMethods())
                        .filter(method -> CommonConfig.class.isAssignableFrom(method.getReturnType()))
                        .map(method ->
                                method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                        .map(option -> option.equals("max-session-bytes") ? "max-session-size" : option)
                        .filter(option ->
                                !CODE_OPTIONS.contains(option) && !option.equals("cookie") && !option.equals("csrf")))
                .isNotEmpty()
                .allSatisfy(option -> assertThat(described).containsKey("sojourn." + option));
        assertThat(Stream.of(CsrfOptions.class.getDeclaredMethods())
                        .map(method ->
                                method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT)))
                .contains("trusted-origin")
                .allSatisfy(option -> assertThat(described).containsKey("sojourn.csrf." + option));
    }

    @Test
    void every_property_has_a_row_in_the_readme() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        assertThat(descriptions().keySet())
                .isNotEmpty()
                .allSatisfy(property -> assertThat(readme).contains("\n| `" + property + "` |"));
    }

    /** Returns the descriptions that editors show, by property. */
    private static Map<String, String> descriptions() throws Exception {
        Map<String, String> found = new TreeMap<>();
        Path classes = Path.of(SojournProperties.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        JsonMapper.shared()
                .readTree(classes.resolve("META-INF/spring-configuration-metadata.json"))
                .get("properties")
                .forEach(each -> found.put(
                        each.get("name").asString(), each.path("description").asString("")));
        return found;
    }

    @Test
    void sessions_continue_after_a_new_secret_is_added_before_the_old_one() {
        MemoryStore store = new MemoryStore();
        Browser browser;
        try (Application before = Application.start(CounterApp.class, Application.over(store))) {
            browser = before.browser();
            browser.get("/count");
        }
        try (Application after = Application.start(
                CounterApp.class,
                Application.over(store),
                "sojourn.secret=QnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jM," + Application.SECRET)) {
            assertThat(browser.moveTo(after.port()).get("/count").text()).startsWith("2 ");
        }
    }

    @Test
    void a_customizer_overrides_the_properties() {
        try (Application application = Application.start(
                CounterApp.class,
                beans -> {
                    beans.registerBean(SessionStore.class, MemoryStore::new);
                    beans.registerBean(
                            SessionsCustomizer.class, () -> config -> config.idleTimeout(Duration.ofMinutes(5)));
                },
                "sojourn.idle-timeout=20m")) {
            assertThat(application.browser().get("/count").text()).isEqualTo("1 of 5 and 12");
        }
    }

    // ---- stores

    @Test
    void the_data_source_of_the_application_is_the_default_store() {
        try (Application application = Application.start(
                CounterApp.class,
                "spring.datasource.url=jdbc:h2:mem:counting",
                "sojourn.jdbc.create-table-if-missing=true")) {
            assertThat(application.bean(SessionStore.class)).isInstanceOf(JdbcStore.class);
            assertThat(application.browser().get("/count").text()).startsWith("1 ");
        }
    }

    @Test
    void the_memory_store_can_be_selected() {
        try (Application application = Application.start(CounterApp.class, "sojourn.store=memory")) {
            assertThat(application.bean(SessionStore.class)).isInstanceOf(MemoryStore.class);
        }
    }

    @Test
    void no_store_is_opened_if_the_application_has_a_sessions_bean() {
        Sessions own = Sessions.create(c -> c.secret(Application.SECRET));
        try (Application application =
                Application.start(CounterApp.class, beans -> beans.registerBean(Sessions.class, () -> own))) {
            assertThat(application.context().getBeansOfType(SessionStore.class)).isEmpty();
            assertThat(application.browser().get("/count").text()).startsWith("1 ");
        }
    }

    @Test
    void a_filter_and_a_format_of_the_application_replace_the_defaults() {
        Sessions sessions = Sessions.create(c -> c.secret(Application.SECRET));
        AttributeFormat format = AttributeFormat.json();
        SojournFilter filter = new SojournFilter(sessions);
        try (Application application = Application.start(CounterApp.class, beans -> {
            beans.registerBean(Sessions.class, () -> sessions);
            beans.registerBean(AttributeFormat.class, () -> format);
            beans.registerBean(SojournFilter.class, () -> filter);
        })) {
            assertThat(application.bean(AttributeFormat.class)).isSameAs(format);
            assertThat(application.bean(SojournFilter.class)).isSameAs(filter);
            assertThat(application.browser().get("/count").text()).startsWith("1 ");
        }
    }

    // ---- rejected configurations

    private static void assertRejected(List<String> sentences, String... properties) {
        assertThatThrownBy(() -> Application.start(CounterApp.class, properties).close())
                .isInstanceOfSatisfying(RuntimeException.class, problem -> {
                    FailureAnalysis analysis =
                            Objects.requireNonNull(new UnusableConfigurationAnalyzer().analyze(problem));
                    assertThat(analysis.getDescription() + "\n" + analysis.getAction())
                            .contains(sentences);
                });
    }

    @Test
    void a_missing_secret_is_reported_at_startup_with_the_command_and_the_property() {
        assertRejected(
                List.of("no secret is set", "openssl rand -base64 32", "sojourn.secret", "SOJOURN_SECRET"),
                "sojourn.secret=",
                "sojourn.store=memory");
    }

    @Test
    void each_cause_of_a_failed_start_is_reported_with_an_action() {
        assertRejected(
                List.of("of 5 bytes can be guessed", "Set sojourn.secret", "openssl rand -base64 32"),
                "sojourn.secret=short",
                "sojourn.store=memory");
        assertRejected(
                List.of("SameSite=None without Secure", "Change the properties that begin with sojourn.cookie"),
                "sojourn.store=memory",
                "sojourn.cookie.same-site=none",
                "sojourn.cookie.insecure-http=true");
        assertRejected(
                List.of("Redis cannot be used", "Check sojourn.redis.uri"), "sojourn.redis.uri=redis://127.0.0.1:1");
        assertRejected(
                List.of("sojourn.sqlite.file cannot be used", "its directory is writable"),
                "sojourn.sqlite.file=/proc/none/sessions.db");
        assertRejected(
                List.of("trusted proxy must be an IP address", "sojourn.trusted-proxies"),
                "sojourn.store=memory",
                "sojourn.trusted-proxies=proxy.example.org");
    }

    @Test
    void origins_that_browsers_never_send_are_reported_at_startup() {
        assertRejected(
                List.of("https://app.example.com", "sojourn.csrf"),
                "sojourn.store=memory",
                "sojourn.csrf.trusted-origin=*");
        assertRejected(
                List.of("off()", "sojourn.csrf"),
                "sojourn.store=memory",
                "sojourn.csrf.off=true",
                "sojourn.csrf.report-only=true");
        assertRejected(
                List.of("off()"), "sojourn.store=memory", "sojourn.csrf.off=true", "sojourn.csrf.own-origin=https://a");
    }

    @Test
    void contradictory_options_are_reported_at_startup() {
        assertRejected(
                List.of("idle"), "sojourn.store=memory", "sojourn.idle-timeout=2d", "sojourn.absolute-timeout=1d");
    }

    @Test
    void a_missing_table_is_reported_at_startup_with_the_property_that_creates_it() {
        assertRejected(
                List.of("there is no table sojourn_session", "sojourn.jdbc.create-table-if-missing=true"),
                "spring.datasource.url=jdbc:h2:mem:empty");
    }

    @Test
    void a_store_without_its_required_property_is_reported_at_startup() {
        assertRejected(List.of("sojourn.redis.uri"), "sojourn.store=redis");
        assertRejected(List.of("sojourn.sqlite.file"), "sojourn.store=sqlite");
        assertRejected(
                List.of("cannot connect to the database"), "spring.datasource.url=jdbc:h2:/nowhere;IFEXISTS=TRUE");
        assertRejected(
                List.of("sojourn.store=redis or sojourn.store=sqlite"),
                "sojourn.redis.uri=redis://localhost",
                "sojourn.sqlite.file=" + folder.resolve("both.db"));
    }
}
