package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Checks that properties for container sessions and Spring Session take effect or cause one warning. */
@ExtendWith(OutputCaptureExtension.class)
class OtherSessionsPropertiesTest {
    private static Application start(String... properties) {
        String[] all = new String[properties.length + 2];
        System.arraycopy(properties, 0, all, 0, properties.length);
        all[properties.length] = "sojourn.store=memory";
        all[properties.length + 1] = "logging.level.dev.sojourn=warn";
        return Application.start(PropertiesTest.CounterApp.class, all);
    }

    @Test
    void the_cookie_and_timeout_properties_of_the_server_apply_to_sessions(CapturedOutput output) {
        try (Application application = start(
                "server.servlet.session.timeout=1200",
                "server.servlet.session.cookie.name=shop",
                "server.servlet.session.cookie.path=/count",
                "server.servlet.session.cookie.domain=example.org",
                "server.servlet.session.cookie.same-site=strict",
                "server.servlet.session.cookie.partitioned=true",
                "server.servlet.session.cookie.max-age=20d",
                "server.servlet.session.cookie.secure=true",
                "server.servlet.session.cookie.http-only=true",
                "server.servlet.session.tracking-modes=cookie")) {
            Browser.Response response = application.browser().get("/count");

            assertThat(response.text()).isEqualTo("1 of 20 and 12");
            assertThat(response.header("Set-Cookie").split("; "))
                    .contains(
                            "Path=/count",
                            "Domain=example.org",
                            "SameSite=Strict",
                            "Partitioned",
                            "Max-Age=1728000",
                            "Secure",
                            "HttpOnly")
                    .anyMatch(each -> each.startsWith("shop="));
        }
        assertThat(output).doesNotContain("has no effect");
    }

    @Test
    void a_sojourn_property_takes_precedence_over_spring_session_and_that_over_the_server() {
        try (Application application =
                start("server.servlet.session.timeout=20m", "spring.session.timeout=10m", "sojourn.idle-timeout=5m")) {
            assertThat(application.browser().get("/count").text()).startsWith("1 of 5 ");
        }
        try (Application application = start("server.servlet.session.timeout=20m", "spring.session.timeout=600")) {
            assertThat(application.browser().get("/count").text()).startsWith("1 of 10 ");
        }
        try (Application application = start("server.servlet.session.timeout=-1")) {
            assertThat(application.browser().get("/count").text())
                    .as("no idle timeout")
                    .startsWith("1 of 0 ");
        }
    }

    @Test
    void a_property_without_effect_is_logged_once_with_the_property_to_set(CapturedOutput output) {
        try (Application application = start(
                "server.servlet.session.cookie.secure=false",
                "server.servlet.session.cookie.http-only=false",
                "server.servlet.session.cookie.same-site=omitted",
                "server.servlet.session.tracking-modes=url",
                "server.servlet.session.persistent=true",
                "spring.session.redis.namespace=shop",
                "spring.session.jdbc.cleanup-cron=0 * * * * *")) {
            application.browser().get("/count");
            application.browser().get("/count");

            assertThat(application.browser().get("/count").header("Set-Cookie"))
                    .contains("Secure", "HttpOnly", "SameSite=Lax");
        }
        assertThat(output)
                .containsOnlyOnce("server.servlet.session.cookie.secure=false has no effect")
                .contains("sojourn.cookie.insecure-http=true")
                .containsOnlyOnce("server.servlet.session.cookie.http-only=false has no effect")
                .containsOnlyOnce("server.servlet.session.cookie.same-site=omitted has no effect")
                .contains("sojourn.cookie.same-site")
                .containsOnlyOnce("server.servlet.session.tracking-modes has no effect")
                .containsOnlyOnce("server.servlet.session.persistent=true has no effect")
                .contains("sojourn.sqlite.file")
                .containsOnlyOnce("spring.session.redis.namespace has no effect")
                .contains("sojourn.redis.key-prefix")
                .containsOnlyOnce("spring.session.jdbc.cleanup-cron has no effect");
    }
}
