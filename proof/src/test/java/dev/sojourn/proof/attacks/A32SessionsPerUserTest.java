package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.SettableClock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One user signs in repeatedly and keeps every session. */
class A32SessionsPerUserTest {
    private static Site site(SettableClock clock) {
        return Site.onTwoNodes(
                clock,
                new SpyStore(
                        MemoryStore.builder().clock(clock).maxSessions(1_000).build()),
                c -> {});
    }

    private static List<String> logins(Site site, int many) {
        return Stream.generate(() -> site.get("/login?alice").token())
                .limit(many)
                .toList();
    }

    @Test
    void a_user_with_many_sessions_locks_out_no_other_client() {
        SettableClock clock = new SettableClock();
        try (Site site = site(clock)) {
            String bob = site.get("/login?bob").token();
            List<String> alice = logins(site, 1_200);

            assertThat(site.get("/login?carol").status()).isEqualTo(200);
            assertThat(site.get("/set?x").status()).isEqualTo(200);
            assertThat(site.getAs(bob, "/subject").body()).isEqualTo("bob");
            assertThat(site.getAs(alice.get(1_199), "/subject").body()).isEqualTo("alice");
            assertThat(site.getAs(alice.get(0), "/subject").body())
                    .as("the oldest")
                    .isEqualTo("null");
            assertThat(site.sessions().of("alice").list()).hasSize(10);
        }
    }

    @Test
    void the_limit_ends_the_oldest_sessions_and_keeps_one_with_a_new_id() {
        SettableClock clock = new SettableClock();
        try (Site site = site(clock)) {
            List<String> alice = logins(site, 10);

            String changed = site.getAs(alice.get(5), "/change-id").token();

            assertThat(site.getAs(changed, "/subject").body()).isEqualTo("alice");
            assertThat(site.getAs(alice.get(9), "/subject").body()).isEqualTo("alice");
        }
    }
}
