package dev.sojourn.histories;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Asks nodes, understands their answers and records both. Thread-safe. */
final class Client {
    private final History history;
    private final Nodes nodes;

    /** Where the nodes listen. */
    interface Nodes {
        int count();

        int port(int node);
    }

    /**
     * A request.
     *
     * @param kind what is asked for
     * @param owner whose session it is believed to be
     * @param user the owner's user
     * @param register the attribute that a {@link ValueGenerator#SET} sets, else empty
     * @param token the cookie that is sent, or null
     * @param node who is asked
     */
    record Question(
            Kind kind,
            String owner,
            String user,
            String register,
            @Nullable String token,
            int node) {
        static Question start(String owner, String user, int node) {
            return new Question(Kind.START, owner, user, "", null, node);
        }
    }

    Client(History history, Nodes nodes) {
        this.history = history;
        this.nodes = nodes;
    }

    int nodes() {
        return nodes.count();
    }

    /** What all have asked so far, and were answered. */
    List<Operation> operations() {
        return history.operations();
    }

    /** Asks and records, whatever comes back. */
    Answer ask(Question question) {
        int id = history.nextId();
        Kind kind = question.kind();
        String target = "/" + kind.name().toLowerCase(Locale.ROOT) + "?id=" + id + "&owner=" + question.owner()
                + "&user=" + question.user() + "&register=" + question.register();
        long start = System.nanoTime();
        Answer answer;
        try {
            answer = understood(kind, Http.send(nodes.port(question.node()), kind.method(), target, question.token()));
        } catch (Http.NotSent e) {
            answer = Answer.refused("not sent");
        } catch (IOException e) {
            answer = Answer.unknown(String.valueOf(e.getMessage()));
        }
        history.add(new Operation(
                id,
                kind,
                question.owner(),
                question.user(),
                question.register(),
                question.token(),
                question.node(),
                start,
                System.nanoTime(),
                answer));
        return answer;
    }

    private static Answer understood(Kind kind, Http.Response response) {
        String given = null;
        boolean cleared = false;
        for (String line : response.values("Set-Cookie")) {
            List<String> parts = List.of(line.split(";", -1));
            boolean removes = parts.stream().anyMatch(part -> part.strip().equalsIgnoreCase("Max-Age=0"));
            cleared = cleared || removes;
            given = removes ? given : parts.get(0);
        }
        return new Answer(
                meaning(kind, response),
                response.status() == 200 ? View.parse(response.body()) : null,
                given,
                cleared,
                response.status()
                        + (response.status() == 200 || response.body().isEmpty()
                                ? ""
                                : " " + response.body().strip()));
    }

    /**
     * What Sojourn says of itself is taken at its word: "nothing was saved" has to be true. Only an end of several sessions
     * may have failed after the first ones.
     */
    private static Answer.Meaning meaning(Kind kind, Http.Response response) {
        boolean saysNothing = response.body().contains("Nothing was saved");
        boolean nothingSaved = saysNothing && !kind.endsSeveral();
        return switch (response.status()) {
            case 200 -> Answer.Meaning.DONE;
            case 404 -> Answer.Meaning.EMPTY;
            case 409 -> saysNothing ? Answer.Meaning.REFUSED : Answer.Meaning.UNKNOWN;
            case 503 -> nothingSaved ? Answer.Meaning.REFUSED : Answer.Meaning.UNKNOWN;
            default -> Answer.Meaning.ABSURD;
        };
    }
}
