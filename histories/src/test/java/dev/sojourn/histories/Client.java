package dev.sojourn.histories;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sends requests to nodes, interprets the responses and records both. Thread-safe. */
final class Client {
    private final History history;
    private final Nodes nodes;

    /** The ports of the nodes. */
    interface Nodes {
        int count();

        int port(int node);
    }

    /**
     * A request.
     *
     * @param kind the kind of operation
     * @param owner the name of the session that the cookie should belong to
     * @param user the user of the session
     * @param register the attribute that a {@link OperationKind#SET} sets; otherwise empty
     * @param token the cookie, or null
     * @param node the index of the node
     */
    record Request(
            OperationKind kind,
            String owner,
            String user,
            String register,
            @Nullable String token,
            int node) {
        static Request start(String owner, String user, int node) {
            return new Request(OperationKind.START, owner, user, "", null, node);
        }
    }

    Client(History history, Nodes nodes) {
        this.history = history;
        this.nodes = nodes;
    }

    int nodes() {
        return nodes.count();
    }

    /** Returns all completed operations so far. */
    List<Operation> operations() {
        return history.operations();
    }

    /** Sends a request and records the operation, whatever its outcome. */
    OperationOutcome send(Request request) {
        int id = history.nextId();
        OperationKind kind = request.kind();
        String target = "/" + kind.name().toLowerCase(Locale.ROOT) + "?id=" + id + "&owner=" + request.owner()
                + "&user=" + request.user() + "&register=" + request.register();
        long start = System.nanoTime();
        OperationOutcome outcome;
        try {
            outcome = interpret(kind, Http.send(nodes.port(request.node()), kind.method(), target, request.token()));
        } catch (Http.NotSent e) {
            outcome = OperationOutcome.refused("not sent");
        } catch (IOException e) {
            outcome = OperationOutcome.unknown(String.valueOf(e.getMessage()));
        }
        history.add(new Operation(
                id,
                kind,
                request.owner(),
                request.user(),
                request.register(),
                request.token(),
                request.node(),
                start,
                System.nanoTime(),
                outcome));
        return outcome;
    }

    private static OperationOutcome interpret(OperationKind kind, Http.Response response) {
        String newToken = null;
        boolean cleared = false;
        for (String line : response.values("Set-Cookie")) {
            List<String> parts = List.of(line.split(";", -1));
            boolean removes = parts.stream().anyMatch(part -> part.strip().equalsIgnoreCase("Max-Age=0"));
            cleared = cleared || removes;
            newToken = removes ? newToken : parts.get(0);
        }
        return new OperationOutcome(
                statusOf(kind, response),
                response.status() == 200 ? SessionView.parse(response.body()) : null,
                newToken,
                cleared,
                response.status()
                        + (response.status() == 200 || response.body().isEmpty()
                                ? ""
                                : " " + response.body().strip()));
    }

    /**
     * Interprets a response strictly: "Nothing was saved" must be true. Only an end of several sessions may fail after the
     * first ones.
     */
    private static OperationOutcome.Status statusOf(OperationKind kind, Http.Response response) {
        boolean reportsNothingSaved = response.body().contains("Nothing was saved");
        boolean nothingSaved = reportsNothingSaved && !kind.mayEndSeveral();
        return switch (response.status()) {
            case 200 -> OperationOutcome.Status.DONE;
            case 404 -> OperationOutcome.Status.NO_SESSION;
            case 409 -> reportsNothingSaved ? OperationOutcome.Status.REFUSED : OperationOutcome.Status.UNKNOWN;
            case 503 -> nothingSaved ? OperationOutcome.Status.REFUSED : OperationOutcome.Status.UNKNOWN;
            default -> OperationOutcome.Status.INVALID;
        };
    }
}
