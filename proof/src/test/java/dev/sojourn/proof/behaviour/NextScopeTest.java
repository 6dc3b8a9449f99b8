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

/** A request that its framework dispatches serveTwice, to its handler and then to an error page, in a second scope. */
class NextScopeTest {
    private final Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(new MemoryStore()));

    /** Serves a request in two scopes; the framework discards the headers of the first one in between. */
    private TestExchange serveTwice(TestExchange request, Consumer<Session> first, Consumer<Session> second) {
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
    void the_second_scope_sees_and_extends_the_session_of_the_first() {
        TestExchange response = serveTwice(new TestExchange("/"), session -> session.set("name", "John"), session -> {
            assertThat(session.get("name", String.class)).isEqualTo("John");
            session.set("page", "error");
        });

        assertThat(read(response.token(), "name")).isEqualTo("John");
        assertThat(read(response.token(), "page")).isEqualTo("error");
    }

    @Test
    void a_token_of_the_first_scope_is_sent_even_if_the_second_does_not_use_the_session() {
        TestExchange response = serveTwice(new TestExchange("/"), session -> session.login("alice"), session -> {});

        assertThat(read(response.token(), "name")).isEqualTo("null");
        new TestExchange("/", Site.cookie(response.token()))
                .serve(sessions, session -> assertThat(session.subject()).isEqualTo("alice"));
        assertThat(response.responseHeaders("Cache-Control")).containsExactly("no-store");
    }

    @Test
    void a_session_that_the_first_scope_ended_stays_ended_and_the_second_can_start_another() {
        String token = new TestExchange("/")
                .serve(sessions, session -> session.set("name", "John"))
                .token();

        TestExchange response = serveTwice(new TestExchange("/", Site.cookie(token)), Session::destroy, session -> {
            assertThat(session.isNew()).isTrue();
            session.set("page", "goodbye");
        });

        assertThat(read(token, "name")).isEqualTo("null");
        assertThat(read(response.token(), "page")).isEqualTo("goodbye");
        assertThat(read(response.token(), "name")).isEqualTo("null");
    }

    @Test
    void the_second_scope_uses_the_new_id_of_the_first() {
        String token = new TestExchange("/")
                .serve(sessions, session -> session.set("name", "John"))
                .token();

        TestExchange response = serveTwice(
                new TestExchange("/", Site.cookie(token)),
                session -> session.login("alice"),
                session -> assertThat(session.subject()).isEqualTo("alice"));

        assertThat(read(response.token(), "name")).isEqualTo("John");
    }

    @Test
    void the_public_id_of_the_clients_token_is_known_even_if_the_session_ended() {
        TestExchange first = new TestExchange("/");
        StringBuilder publicId = new StringBuilder();
        first.serve(sessions, session -> {
            session.set("name", "John");
            publicId.append(session.publicId());
        });
        try (SessionScope scope = sessions.open(new TestExchange("/", Site.cookie(first.token())))) {
            assertThat(scope.tokenPublicId()).hasValue(publicId.toString());
            scope.session().destroy();
            scope.commit();
        }
        try (SessionScope scope = sessions.open(new TestExchange("/", Site.cookie(first.token())))) {
            assertThat(scope.tokenPublicId()).hasValue(publicId.toString());
        }
        try (SessionScope scope = sessions.open(new TestExchange("/", Site.cookie("forged")))) {
            assertThat(scope.tokenPublicId()).isEmpty();
        }
    }
}
