package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Device;
import dev.sojourn.DeviceAddress;
import dev.sojourn.OnLimit;
import dev.sojourn.SignIn;
import dev.sojourn.UserSession;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the list of a user's sessions shows of the devices on which the user signed in. */
class DeviceTest {
    private static final String FIREFOX =
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";
    private static final String CURL = "User-Agent: curl/8.5.0";
    /** Without it, a proxy's client would get no Secure cookie. */
    private static final String OVER_TLS = "X-Forwarded-Proto: https";

    private static UserSession onlySession(Site site) {
        List<UserSession> sessions = site.sessions().of("alice").list();
        assertThat(sessions).hasSize(1);
        return sessions.get(0);
    }

    private static @Nullable Device deviceAfterLogin(Site site, String... headers) {
        site.sessions().of("alice").endAll();
        assertThat(site.get("/login?alice", headers).status()).isEqualTo(200);
        return onlySession(site).device();
    }

    @Test
    void a_list_shows_name_network_and_times_of_each_sign_in() {
        try (Site site = new Site()) {
            site.get("/login?alice", FIREFOX);
            site.clock().advance(Duration.ofMinutes(2));
            site.get("/login?alice", CURL);

            List<UserSession> sessions = site.sessions().of("alice").list();

            assertThat(sessions)
                    .extracting(UserSession::device)
                    .containsExactly(new Device("curl", "127.0.0.0"), new Device("Firefox on Linux", "127.0.0.0"));
            assertThat(sessions.get(0).signedInAt())
                    .isEqualTo(sessions.get(0).createdAt())
                    .isEqualTo(sessions.get(1).signedInAt().plus(Duration.ofMinutes(2)));
        }
    }

    @Test
    void the_address_is_kept_whole_shortened_or_not_at_all() {
        try (Site site = new Site(c -> c.deviceAddress(DeviceAddress.WHOLE))) {
            assertThat(deviceAfterLogin(site, CURL)).isEqualTo(new Device("curl", "127.0.0.1"));
        }
        try (Site site = new Site(c -> c.deviceAddress(DeviceAddress.NONE))) {
            assertThat(deviceAfterLogin(site, CURL)).isEqualTo(new Device("curl", null));
            assertThat(deviceAfterLogin(site)).as("nothing is known").isNull();
        }
    }

    @Test
    void the_address_is_the_one_that_trusted_proxies_report() {
        try (Site site = new Site(c -> c.trustedProxies("127.0.0.1"))) {
            assertThat(addressAfterLogin(site, "X-Forwarded-For: 203.0.113.77")).isEqualTo("203.0.113.0");
            assertThat(addressAfterLogin(site, "X-Forwarded-For: 2001:DB8:1:2:3::4"))
                    .isEqualTo("2001:db8:1::");
            assertThat(addressAfterLogin(site, "X-Forwarded-For: ::ffff:203.0.113.77"))
                    .isEqualTo("203.0.113.0");
            assertThat(addressAfterLogin(site, "Forwarded: for=\"[2001:db8:cafe::17]:4711\""))
                    .isEqualTo("2001:db8:cafe::");
            assertThat(addressAfterLogin(site, "X-Forwarded-For: <script>"))
                    .as("no address")
                    .isEqualTo("127.0.0.0");
        }
        try (Site site = new Site(c -> c.cookie(k -> k.insecureHttp()))) {
            assertThat(addressAfterLogin(site, "X-Forwarded-For: 203.0.113.77"))
                    .as("a header of anyone")
                    .isEqualTo("127.0.0.0");
        }
    }

    private static @Nullable String addressAfterLogin(Site site, String header) {
        return Objects.requireNonNull(deviceAfterLogin(site, header, OVER_TLS)).address();
    }

    @Test
    void only_a_login_writes_the_device() {
        AtomicInteger named = new AtomicInteger();
        try (Site site = new Site(c -> c.deviceName(exchange -> "device " + named.incrementAndGet()))) {
            site.get("/set?x");
            String token = site.get("/login?alice").token();
            String changed = site.get("/change-id", Site.cookie(token), CURL).token();
            site.get("/set?y", Site.cookie(changed), CURL);
            site.get("/read", Site.cookie(changed), CURL);
            assertThat(onlySession(site).device()).isEqualTo(new Device("device 1", "127.0.0.0"));

            site.get("/login?alice", Site.cookie(changed), CURL);
            assertThat(onlySession(site).device()).isEqualTo(new Device("device 2", "127.0.0.0"));
            assertThat(named).hasValue(2);
        }
    }

    @Test
    void a_session_without_a_user_has_no_device() {
        try (Site site = new Site()) {
            String token = site.get("/login?alice", CURL).token();
            site.store().clearCalls();
            int before = site.store().writtenRecords().size();
            site.getAs(token, "/regenerate");
            site.get("/set?x", CURL);
            List<StoredSession> written = site.store().writtenRecords();
            assertThat(written.subList(before, written.size()))
                    .isNotEmpty()
                    .noneMatch(each -> text(each).contains("\"device\""));
        }
    }

    @Test
    void a_hostile_user_agent_is_cut_and_cleaned() {
        try (Site site = new Site()) {
            for (String agent : List.of(
                    "A".repeat(10_000),
                    "Firefox ".repeat(1_200),
                    "\u0001\u0002\u007f evil",
                    "caf\u00e9/1.0 \u00ff\u00fe",
                    "<script>alert(1)</script>",
                    "\"},\"subject\":\"admin\",\"x\":{\"",
                    "Mozilla/5.0 <img src=x onerror=alert(1)> Chrome/1 Windows",
                    "../../etc/passwd",
                    "${jndi:ldap://evil}",
                    "")) {
                Device device = Objects.requireNonNull(deviceAfterLogin(site, "User-Agent: " + agent));
                assertThat(String.valueOf(device.name())).matches("null|[A-Za-z0-9 ._-]{1,52}");
                assertThat(site.sessions().of("admin").list()).isEmpty();
            }
        }
    }

    @Test
    void a_name_of_the_applications_own_rule_is_cleaned_too() {
        try (Site site = new Site(c -> c.deviceName(exchange -> Site.SECRET.isEmpty()
                ? null
                : "Bob's <b>phone</b>\r\nSet-Cookie: a=b; \u5c71 (v2.0), " + "x".repeat(10_000)))) {
            assertThat(Objects.requireNonNull(deviceAfterLogin(site)).name())
                    .isEqualTo("Bob s b phone /b Set-Cookie: a b (v2.0), xxxxxxxxxxx");
        }
        try (Site site = new Site(c -> c.deviceName(exchange -> null).deviceAddress(DeviceAddress.NONE))) {
            assertThat(deviceAfterLogin(site, CURL)).isNull();
        }
    }

    @Test
    void a_rule_that_throws_signs_nobody_in() {
        try (Site site = new Site(c -> c.deviceName(exchange -> {
            throw new IllegalStateException("no name");
        }))) {
            assertThat(site.get("/login?alice").status()).isEqualTo(500);
            assertThat(site.sessions().of("alice").list()).isEmpty();
        }
    }

    @Test
    void a_list_shows_how_the_user_signed_in_and_who_acts_as_the_user() {
        try (Site site = new Site()) {
            site.addPage("/two-factors", (session, exchange) -> {
                SignIn how = SignIn.by("pwd", "otp").level("aal2");
                session.login("alice", how.at(site.clock().instant().minus(Duration.ofMinutes(10))));
                return "ok";
            });
            site.addPage("/act", (session, exchange) -> {
                session.actAs("alice", "admin", Duration.ofMinutes(5));
                return "ok";
            });
            site.get("/two-factors", FIREFOX);

            UserSession own = onlySession(site);

            assertThat(own.signIn().methods()).containsExactly("pwd", "otp");
            assertThat(own.signIn().level()).isEqualTo("aal2");
            assertThat(own.signedInAt()).isEqualTo(own.createdAt().minus(Duration.ofMinutes(10)));
            assertThat(own.actingBy()).isNull();

            site.get("/act", Site.cookie(site.get("/login?admin").token()));
            assertThat(site.sessions().of("alice").list())
                    .extracting(UserSession::actingBy)
                    .containsExactlyInAnyOrder(null, "admin");
        }
    }

    @Test
    void a_session_in_which_another_user_acts_takes_no_place_of_the_user() {
        try (Site site = new Site(c -> c.maxSessionsPerUser(1, OnLimit.REFUSE_LOGIN))) {
            site.addPage("/act", (session, exchange) -> {
                session.actAs("alice", "admin", Duration.ofMinutes(5));
                return "ok";
            });
            String admin = site.get("/login?admin").token();
            assertThat(site.get("/login?alice").status()).isEqualTo(200);
            assertThat(site.getAs(admin, "/act").status()).isEqualTo(200);
            assertThat(site.sessions().of("alice").list()).hasSize(2);

            assertThat(site.get("/login?alice").status())
                    .as("one session of her own")
                    .isEqualTo(409);
        }
    }

    private static String text(StoredSession stored) {
        return new String(stored.payload(), StandardCharsets.UTF_8);
    }

    private static int bytesOfLogin(Site site, String... headers) {
        site.get("/login?alice", headers);
        List<StoredSession> written = site.store().writtenRecords();
        return written.get(written.size() - 1).payload().length;
    }

    @Test
    void a_device_adds_at_most_120_bytes_to_a_record() {
        int without;
        try (Site site = new Site(c -> c.deviceAddress(DeviceAddress.NONE))) {
            without = bytesOfLogin(site);
        }
        try (Site site = new Site(c -> c.deviceAddress(DeviceAddress.WHOLE)
                .deviceName(exchange -> "x".repeat(1_000))
                .trustedProxies("127.0.0.1"))) {
            int added =
                    bytesOfLogin(site, "X-Forwarded-For: 2001:db80:1111:2222:3333:4444:5555:6666", OVER_TLS) - without;
            assertThat(added).isEqualTo(120);
        }
        try (Site site = new Site()) {
            assertThat(bytesOfLogin(site, FIREFOX) - without)
                    .as("an ordinary one")
                    .isEqualTo(54);
        }
    }
}
