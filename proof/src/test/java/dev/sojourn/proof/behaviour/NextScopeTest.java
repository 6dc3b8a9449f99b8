package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.testing.TestExchange;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A request that its framework sends through the adapter twice: first to its handler, then to an error page. */
class NextScopeTest {
    private final Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(new MemoryStore()));

    /** Serves a request in two rounds; in between the framework throws the first one's headers away. */
    private TestExchange twice(TestExchange request, Consumer<Session> first, Consumer<Session> second) {
        SessionScope scope = sessions.open(request);
        first.accept(scope.session());
        scope.commit();
        request.setResponseHeaders("Set-Cookie", List.of());
        request.setResponseHeaders("Cache-Control", List.of());
        try (SessionScope next = scope.next()) {
            second.accept(next.session());
            next.commit();
        }
        return request;
    }

    private String read(String token, String name) {
        StringBuilder value = new StringBuilder();
        new TestExchange("/", Site.cookie(token))
                .serve(sessions, session -> value.append(session.get(name, Object.class)));
        return value.toString();
    }

    @Test
    void the_second_round_sees_what_the_first_one_began_and_adds_to_it() {
        TestExchange answer = twice(new TestExchange("/"), session -> session.set("name", "John"), session -> {
            assertThat(session.get("name", String.class)).isEqualTo("John");
            session.set("page", "error");
        });

        assertThat(read(answer.token(), "name")).isEqualTo("John");
        assertThat(read(answer.token(), "page")).isEqualTo("error");
    }

    @Test
    void a_token_of_the_first_round_is_given_though_the_second_does_not_touch_the_session() {
        TestExchange answer = twice(new TestExchange("/"), session -> session.login("alice"), session -> {});

        assertThat(read(answer.token(), "name")).isEqualTo("null");
        new TestExchange("/", Site.cookie(answer.token()))
                .serve(sessions, session -> assertThat(session.subject()).isEqualTo("alice"));
        assertThat(answer.responseHeaders("Cache-Control")).containsExactly("no-store");
    }

    @Test
    void a_session_that_the_first_round_ended_stays_ended_and_the_second_may_begin_another() {
        String token = new TestExchange("/")
                .serve(sessions, session -> session.set("name", "John"))
                .token();

        TestExchange answer = twice(new TestExchange("/", Site.cookie(token)), Session::destroy, session -> {
            assertThat(session.isNew()).isTrue();
            session.set("page", "goodbye");
        });

        assertThat(read(token, "name")).isEqualTo("null");
        assertThat(read(answer.token(), "page")).isEqualTo("goodbye");
        assertThat(read(answer.token(), "name")).isEqualTo("null");
    }

    @Test
    void a_new_id_of_the_first_round_is_the_one_that_the_second_goes_on_with() {
        String token = new TestExchange("/")
                .serve(sessions, session -> session.set("name", "John"))
                .token();

        TestExchange answer = twice(
                new TestExchange("/", Site.cookie(token)),
                session -> session.login("alice"),
                session -> assertThat(session.subject()).isEqualTo("alice"));

        assertThat(read(answer.token(), "name")).isEqualTo("John");
    }

    @Test
    void the_name_of_what_the_client_came_with_is_known_whether_or_not_it_still_is() {
        TestExchange first = new TestExchange("/");
        StringBuilder handle = new StringBuilder();
        first.serve(sessions, session -> {
            session.set("name", "John");
            handle.append(session.publicId());
        });
        try (SessionScope scope = sessions.open(new TestExchange("/", Site.cookie(first.token())))) {
            assertThat(scope.tokenPublicId()).hasValue(handle.toString());
            scope.session().destroy();
            scope.commit();
        }
        try (SessionScope scope = sessions.open(new TestExchange("/", Site.cookie(first.token())))) {
            assertThat(scope.tokenPublicId()).hasValue(handle.toString());
        }
        try (SessionScope scope = sessions.open(new TestExchange("/", Site.cookie("forged")))) {
            assertThat(scope.tokenPublicId()).isEmpty();
        }
    }
}
