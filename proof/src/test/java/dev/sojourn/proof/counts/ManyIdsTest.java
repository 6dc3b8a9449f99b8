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

/** The ids that a client has left within the last minutes cost those who list or end its user's sessions nothing. */
class ManyIdsTest {
    private static final int IDS = 1_000;
    private static final Key<String> NO_ONES = Key.of("an attribute that no session has", String.class);

    /** Where a store keeps the user index. */
    private enum Index {
        /** An entry goes with its record. */
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
        site.page("/handle", (session, exchange) -> session.publicId());
        site.page(
                "/end-others",
                (session, exchange) ->
                        String.valueOf(site.sessions().of("alice").endOthers(session)));
        return site;
    }

    /** At most four calls, and three for each session that lives. */
    private static void costsAsLittle(Site site, int live, Runnable work) {
        site.store().forget();
        work.run();
        List<String> calls = site.store().calls();
        assertThat(calls.size()).as("calls %s", calls).isLessThanOrEqualTo(4 + 3 * live);
    }

    private static String repeated(String token, UnaryOperator<String> visit) {
        String last = token;
        for (int i = 0; i < IDS; i++) {
            last = visit.apply(last);
        }
        return last;
    }

    private static void listsAndEnds(Site site, String token) {
        String other = site.get("/login?alice").token();
        costsAsLittle(
                site,
                2,
                () -> assertThat(site.sessions().of("alice").list())
                        .extracting(UserSession::publicId)
                        .containsExactlyInAnyOrder(
                                site.as(token, "/handle").body(),
                                site.as(other, "/handle").body()));
        costsAsLittle(
                site,
                2,
                () -> assertThat(site.sessions().of("alice").end("no handle of anybody's"))
                        .isFalse());
        costsAsLittle(
                site,
                2,
                () -> assertThat(site.sessions().of("alice").endIf(NO_ONES, value -> true))
                        .isZero());
        costsAsLittle(
                site, 2, () -> assertThat(site.as(token, "/end-others").body()).isEqualTo("1"));
        costsAsLittle(
                site, 1, () -> assertThat(site.sessions().of("alice").endAll()).isEqualTo(1));
        assertThat(site.as(token, "/subject").body()).isEqualTo("null");
        costsAsLittle(
                site, 0, () -> assertThat(site.sessions().of("alice").list()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void a_thousand_new_ids_of_one_session_cost_nothing(Index index) {
        try (Site site = site(index)) {
            String token = repeated(
                    site.get("/login?alice").token(),
                    each -> site.as(each, "/change-id").token());
            listsAndEnds(site, token);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_thousand_logins_over_one_another_cost_nothing(Index index) {
        try (Site site = site(index)) {
            String token = repeated(
                    site.get("/login?alice").token(),
                    each -> site.as(each, "/login?alice").token());
            listsAndEnds(site, token);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_thousand_logins_and_logouts_cost_nothing(Index index) {
        try (Site site = site(index)) {
            String token = repeated(site.get("/login?alice").token(), each -> {
                site.as(each, "/logout");
                return site.get("/login?alice").token();
            });
            listsAndEnds(site, token);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_thousand_regenerated_sessions_cost_nothing(Index index) {
        try (Site site = site(index)) {
            String token = repeated(site.get("/login?alice").token(), each -> {
                String guest = site.as(each, "/regenerate").token();
                return site.as(guest, "/login?alice").token();
            });
            listsAndEnds(site, token);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_thousand_changes_of_the_user_cost_either_nothing(Index index) {
        try (Site site = site(index)) {
            String token = repeated(site.get("/login?alice").token(), each -> {
                String bob = site.as(each, "/login?bob").token();
                return site.as(bob, "/login?alice").token();
            });
            costsAsLittle(
                    site,
                    0,
                    () -> assertThat(site.sessions().of("bob").endAll()).isZero());
            listsAndEnds(site, token);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_handle_from_a_list_that_was_read_before_still_ends_the_session(Index index) {
        try (Site site = site(index)) {
            String token = site.get("/login?alice").token();
            String other = site.get("/login?alice").token();
            String handle = site.as(token, "/handle").body();
            for (int i = 0; i < 4; i++) {
                token = site.as(token, i % 2 == 0 ? "/change-id" : "/login?alice")
                        .token();
            }

            costsAsLittle(
                    site,
                    2,
                    () -> assertThat(site.sessions().of("alice").end(handle)).isTrue());

            assertThat(site.as(token, "/subject").body()).isEqualTo("null");
            assertThat(site.as(other, "/subject").body()).isEqualTo("alice");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_former_handle_ends_nothing_of_another_users(Index index) {
        try (Site site = site(index)) {
            String alice = site.get("/login?alice").token();
            String handle = site.as(alice, "/handle").body();
            String bob = site.as(alice, "/login?bob").token();

            assertThat(site.sessions().of("bob").end(handle)).isFalse();
            assertThat(site.sessions().of("alice").end(handle)).isFalse();

            assertThat(site.as(bob, "/subject").body()).isEqualTo("bob");
        }
    }

    @ParameterizedTest
    @EnumSource
    void more_sessions_than_one_page_of_the_index_are_listed_and_ended_once_each(Index index) {
        try (Site site = site(index)) {
            for (int i = 0; i < 250; i++) {
                site.get("/login?alice");
            }
            costsAsLittle(
                    site,
                    250,
                    () -> assertThat(site.sessions().of("alice").list()).hasSize(250));
            costsAsLittle(
                    site,
                    250,
                    () -> assertThat(site.sessions().of("alice").endAll()).isEqualTo(250));
        }
    }

    @Test
    void a_thousand_entries_without_a_session_are_looked_at_once() {
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
            listsAndEnds(site, token);
        }
    }

    @Test
    void an_end_of_all_that_finds_the_entry_of_a_former_id_reads_the_entries_again() {
        SettableClock clock = new SettableClock();
        try (Site site = site(clock, new SeparateIndexStore(clock))) {
            List<String> token =
                    new ArrayList<>(List.of(site.get("/login?alice").token()));
            AtomicInteger loads = new AtomicInteger();
            site.store().before("load", () -> {
                if (loads.getAndIncrement() == 0) {
                    token.set(0, site.as(token.get(0), "/change-id").token());
                }
            });

            assertThat(site.sessions().of("alice").endAll()).isEqualTo(1);

            assertThat(site.as(token.get(0), "/subject").body()).isEqualTo("null");
        }
    }
}
