package dev.sojourn.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SealedSessions;
import org.junit.jupiter.api.Test;

class TestSessionsTest {
    @Test
    void a_user_signs_in_to_sealed_sessions() {
        SealedSessions sealed =
                SealedSessions.create(c -> c.seal(new TestSeal()).logoutOnlyClearsTheCookie());
        SignedInUser alice = TestSessions.of(sealed).signIn("alice", session -> session.set("role", "admin"));

        new TestExchange("/", alice.headerName() + ": " + alice.headerValue()).serveSealed(sealed, session -> {
            assertThat(session.subject()).isEqualTo("alice");
            assertThat(session.get("role", String.class)).isEqualTo("admin");
        });
        assertThat(alice.cookieName()).isEqualTo("__Host-id");
    }
}
