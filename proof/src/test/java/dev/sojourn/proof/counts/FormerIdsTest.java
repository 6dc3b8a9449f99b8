package dev.sojourn.proof.counts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.UserSession;
import dev.sojourn.proof.site.SeparateIndexStore;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Former ids of a client's sessions add no cost to listing or ending the sessions of its user. */
class FormerIdsTest {
    private static final int IDS = 1_000;
    private static final Key<String> UNUSED = Key.of("an attribute of no session", String.class);

    /** The relation of a store's user index to its records. */
    private enum Index {
        /** An entry is removed with its record. */
        WITH_THE_RECORDS {
            @Override
            SessionStore store(SettableClock clock) {
                return MemoryStore.builder().clock(clock).build();
            }
        },
        /** An entry stays until it is dropped. */
        SEPARATE {
            @Override
            SessionStore store(SettableClock clock) {
                return new SeparateIndexStore(clock);
            }
        };

        abstract SessionStore store(SettableClock clock);
    }

    private static Site site(Index index) {
        SettableClock clock = new SettableClock();
        return site(clock, index.store(clock));
    }

    private static Site site(SettableClock clock, SessionStore store) {
        Site site = new Site(clock, new SpyStore(store), c -> {});
        site.addPage("/public-id", (session, exchange) -> session.publicId());
        site.addPage(
                "/end-others",
                (session, exchange) ->
                        String.valueOf(site.sessions().of("alice").endOthers(session)));
        return site;
    }

    /** Asserts at most four calls, plus three for each live session. */
    private static void assertCheap(Site site, int live, Runnable work) {
        site.store().clearCalls();
        work.run();
        List<String> calls = site.store().calls();
        assertThat(calls.size()).as("calls %s", calls).isLessThanOrEqualTo(4 + 3 * live);
    }

    private static String repeat(String token, UnaryOperator<String> step) {
        String last = token;
        for (int i = 0; i < IDS; i++) {
            last = step.apply(last);
        }
        return last;
    }

    private static void assertListAndEndAreCheap(Site site, String token) {
        String other = site.get("/login?alice").token();
        assertCheap(
                site,
                2,
                () -> assertThat(site.sessions().of("alice").list())
                        .extracting(UserSession::publicId)
                        .containsExactlyInAnyOrder(
                                site.getAs(token, "/public-id").body(),
                                site.getAs(other, "/public-id").body()));
        assertCheap(
                site,
                2,
                () -> assertThat(site.sessions().of("alice").end("an unknown public id"))
                        .isFalse());
        assertCheap(
                site,
                2,
                () -> assertThat(site.sessions().of("alice").endIf(UNUSED, value -> true))
                        .isZero());
        assertCheap(
                site,
                2,
                () -> assertThat(site.getAs(token, "/end-others").body()).isEqualTo("1"));
        assertCheap(
                site, 1, () -> assertThat(site.sessions().of("alice").endAll()).isEqualTo(1));
        assertThat(site.getAs(token, "/subject").body()).isEqualTo("null");
        assertCheap(
                site, 0, () -> assertThat(site.sessions().of("alice").list()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void a_thousand_id_changes_add_no_cost(Index index) {
        try (Site site = site(index)) {
            String token = repeat(
                    site.get("/login?alice").token(),
                    each -> site.getAs(each, "/change-id").token());
            assertListAndEndAreCheap(site, token);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_thousand_repeated_logins_add_no_cost(Index index) {
        try (Site site = site(index)) {
            String token = repeat(
                    site.get("/login?alice").token(),
                    each -> site.getAs(each, "/login?alice").token());
            assertListAndEndAreCheap(site, token);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_thousand_logins_and_logouts_add_no_cost(Index index) {
        try (Site site = site(index)) {
            String token = repeat(site.get("/login?alice").token(), each -> {
                site.getAs(each, "/logout");
                return site.get("/login?alice").token();
            });
            assertListAndEndAreCheap(site, token);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_thousand_regenerated_sessions_add_no_cost(Index index) {
        try (Site site = site(index)) {
            String token = repeat(site.get("/login?alice").token(), each -> {
                String guest = site.getAs(each, "/regenerate").token();
                return site.getAs(guest, "/login?alice").token();
            });
            assertListAndEndAreCheap(site, token);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_thousand_changes_of_the_user_add_no_cost_for_either_user(Index index) {
        try (Site site = site(index)) {
            String token = repeat(site.get("/login?alice").token(), each -> {
                String bob = site.getAs(each, "/login?bob").token();
                return site.getAs(bob, "/login?alice").token();
            });
            assertCheap(
                    site,
                    0,
                    () -> assertThat(site.sessions().of("bob").endAll()).isZero());
            assertListAndEndAreCheap(site, token);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_public_id_from_an_earlier_list_still_ends_the_session(Index index) {
        try (Site site = site(index)) {
            String token = site.get("/login?alice").token();
            String other = site.get("/login?alice").token();
            String publicId = site.getAs(token, "/public-id").body();
            for (int i = 0; i < 4; i++) {
                token = site.getAs(token, i % 2 == 0 ? "/change-id" : "/login?alice")
                        .token();
            }

            assertCheap(
                    site,
                    2,
                    () -> assertThat(site.sessions().of("alice").end(publicId)).isTrue());

            assertThat(site.getAs(token, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(other, "/subject").body()).isEqualTo("alice");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_former_public_id_ends_no_session_of_another_user(Index index) {
        try (Site site = site(index)) {
            String alice = site.get("/login?alice").token();
            String publicId = site.getAs(alice, "/public-id").body();
            String bob = site.getAs(alice, "/login?bob").token();

            assertThat(site.sessions().of("bob").end(publicId)).isFalse();
            assertThat(site.sessions().of("alice").end(publicId)).isFalse();

            assertThat(site.getAs(bob, "/subject").body()).isEqualTo("bob");
        }
    }

    @ParameterizedTest
    @EnumSource
    void sessions_on_several_index_pages_are_listed_and_ended_once_each(Index index) {
        try (Site site = site(index)) {
            for (int i = 0; i < 250; i++) {
                site.get("/login?alice");
            }
            assertCheap(
                    site,
                    250,
                    () -> assertThat(site.sessions().of("alice").list()).hasSize(250));
            assertCheap(
                    site,
                    250,
                    () -> assertThat(site.sessions().of("alice").endAll()).isEqualTo(250));
        }
    }

    @Test
    void a_thousand_entries_without_a_session_are_read_only_once() {
        SettableClock clock = new SettableClock();
        SeparateIndexStore store = new SeparateIndexStore(clock);
        try (Site site = site(clock, store)) {
            String token = site.get("/login?alice").token();
            Instant until = clock.instant().plus(Duration.ofHours(1));
            for (int i = 0; i < IDS; i++) {
                store.enter("alice", StoreKey.of("the node died before it created this one: " + i), until);
            }
            assertThat(site.sessions().of("alice").list()).hasSize(1);

            assertThat(store.entries("alice")).hasSize(1);
            assertListAndEndAreCheap(site, token);
        }
    }

    @Test
    void end_all_reads_the_entries_again_after_it_found_the_entry_of_a_former_id() {
        SettableClock clock = new SettableClock();
        try (Site site = site(clock, new SeparateIndexStore(clock))) {
            List<String> token =
                    new ArrayList<>(List.of(site.get("/login?alice").token()));
            AtomicInteger loads = new AtomicInteger();
            site.store().runBefore("load", () -> {
                if (loads.getAndIncrement() == 0) {
                    token.set(0, site.getAs(token.get(0), "/change-id").token());
                }
            });

            assertThat(site.sessions().of("alice").endAll()).isEqualTo(1);

            assertThat(site.getAs(token.get(0), "/subject").body()).isEqualTo("null");
        }
    }
}
