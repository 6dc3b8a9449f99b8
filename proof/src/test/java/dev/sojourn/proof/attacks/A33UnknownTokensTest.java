package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.proof.site.Site;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two applications on two ports of one host: each of them receives the other's cookie as an unknown token. */
class A33UnknownTokensTest {
    private static List<String> hintLines(LogCapture logged) {
        return logged.sojournMessages().stream()
                .filter(line -> line.contains("none of the configured secrets signed"))
                .toList();
    }

    @Test
    void a_token_of_another_application_is_logged_once_an_hour_with_the_fix_and_without_the_token() {
        try (LogCapture logged = new LogCapture();
                Site other = new Site(c -> c.secret(Site.OTHER_SECRET));
                Site site = new Site()) {
            String strange = other.startSession("x");
            for (int i = 0; i < 5; i++) {
                assertThat(site.getAs(strange, "/read").body()).isEqualTo("null");
            }

            assertThat(hintLines(logged)).singleElement().satisfies(line -> {
                assertThat(line)
                        .contains("k.name(", "c.secret(newOne, formerOne)", "__Host-id", "two ports of localhost");
                assertThat(line).doesNotContain(strange, strange.substring(0, 8));
            });
            site.clock().advance(Duration.ofMinutes(61));
            site.getAs(strange, "/read");
            site.getAs(strange, "/read");
            assertThat(hintLines(logged)).hasSize(2);
        }
    }

    @Test
    void malformed_tokens_and_tokens_of_another_route_are_not_logged() {
        try (LogCapture logged = new LogCapture();
                Site other = new Site(c -> c.secret(Site.OTHER_SECRET));
                Site site = new Site(c -> c.alsoAccept(Transports.cookie(), Sessions.tokenFormat(Site.OTHER_SECRET)))) {
            site.get("/read", Site.cookie("forged"));
            site.get("/read", Site.cookie("x".repeat(86)));
            site.get("/read", Site.cookie(""));
            site.getAs(other.startSession("x"), "/read");
            assertThat(hintLines(logged)).isEmpty();

            site.get("/read", Site.cookie(ForgedTokens.wellFormed(new Random(33))));
            assertThat(hintLines(logged)).hasSize(1);
        }
    }
}
