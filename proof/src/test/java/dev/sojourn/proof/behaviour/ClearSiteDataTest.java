package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.UnreadablePolicy;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.StoreException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The option {@code clearSiteData}: what browsers forget when a handler destroys their session. */
class ClearSiteDataTest {
    private static final String HEADER = "Clear-Site-Data";
    private static final String VALUE = "\"cache\", \"storage\"";

    @Test
    void a_logout_has_the_header_and_no_other_response_has_it() {
        try (Site site = new Site(c -> c.clearSiteData("cache", "storage", "cache"))) {
            String token = site.get("/login?alice").token();
            assertThat(site.getAs(token, "/read").header(HEADER)).isEmpty();
            assertThat(site.getAs(token, "/change-id").header(HEADER)).isEmpty();

            String again = site.get("/login?alice").token();
            assertThat(site.getAs(again, "/logout").header(HEADER)).hasValue(VALUE);
            assertThat(site.getAs(again, "/read").header(HEADER)).isEmpty();
            assertThat(site.get("/logout").header(HEADER)).isEmpty();
        }
    }

    @Test
    void a_session_that_ends_for_another_reason_or_is_replaced_does_not() {
        try (Site site =
                new Site(c -> c.clearSiteData("cache", "storage").whenUnreadable(UnreadablePolicy.END_SESSION))) {
            site.addPage("/number", (session, exchange) -> String.valueOf(session.get("a", Integer.class)));
            site.addPage("/again", (session, exchange) -> {
                session.destroy();
                session.set("a", "new");
                return "ok";
            });
            assertThat(site.getAs(site.startSession("text"), "/number").header(HEADER))
                    .isEmpty();
            assertThat(site.getAs(site.startSession("text"), "/again").header(HEADER))
                    .isEmpty();

            String expired = site.startSession("text");
            site.clock().advance(Duration.ofHours(1));
            assertThat(site.getAs(expired, "/read").header(HEADER)).isEmpty();
        }
    }

    @Test
    void a_header_of_the_application_stays_and_a_failed_logout_clears_nothing() {
        try (Site site = new Site(c -> c.clearSiteData("*"))) {
            site.addPage("/own", (session, exchange) -> {
                exchange.getResponseHeaders().set(HEADER, "\"cookies\"");
                session.destroy();
                return "ok";
            });
            assertThat(site.getAs(site.startSession("x"), "/own").header(HEADER))
                    .hasValue("\"cookies\"");

            String token = site.startSession("x");
            site.store().failBefore("delete", () -> StoreException.notDone("down", null));
            assertThat(site.getAs(token, "/logout").header(HEADER)).isEmpty();
        }
    }

    @Test
    void a_sealed_session_has_the_option_too() {
        try (SealedSite site = new SealedSite(c -> c.clearSiteData("cache", "storage"))) {
            String cookie = site.get("/login?alice").token();

            assertThat(site.getAs(cookie, "/read").header(HEADER)).isEmpty();
            assertThat(site.getAs(cookie, "/logout").header(HEADER)).hasValue(VALUE);
        }
    }
}
