package dev.sojourn.histories;

import dev.sojourn.histories.AccessOutcome.Status;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Sends requests to nodes, interprets the responses and records both. Thread-safe. */
final class AccessClient {
    private final Client.Nodes nodes;
    private final AccessFlavor flavor;
    private final Queue<AccessOperation> operations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ids = new AtomicInteger();

    /**
     * A request.
     *
     * @param kind what it does
     * @param family the name of the session
     * @param user the user of the session
     * @param token the token, or null
     * @param node the index of the node
     */
    record Request(
            AccessKind kind,
            String family,
            String user,
            @Nullable String token,
            int node) {}

    AccessClient(Client.Nodes nodes, AccessFlavor flavor) {
        this.nodes = nodes;
        this.flavor = flavor;
    }

    int nodes() {
        return nodes.count();
    }

    AccessFlavor flavor() {
        return flavor;
    }

    /** Returns all completed operations so far, in the order of their start. */
    List<AccessOperation> operations() {
        return operations.stream()
                .sorted(Comparator.comparingLong(AccessOperation::start))
                .toList();
    }

    /** Sends a request and records the operation, whatever its outcome. */
    AccessOutcome send(Request request) {
        return record(request, false);
    }

    /** The same, and the response never reaches the client. */
    AccessOutcome sendAndLoseResponse(Request request) {
        return record(request, true);
    }

    private AccessOutcome record(Request request, boolean lost) {
        int id = ids.incrementAndGet();
        AccessKind kind = request.kind();
        String target = "/" + kind.name().toLowerCase(Locale.ROOT) + "?id=" + id + "&" + AccessNode.FAMILY + "="
                + request.family() + "&" + AccessNode.USER + "=" + request.user();
        List<String> headers = request.token() == null ? List.of() : List.of(flavor.header(kind, request.token()));
        long start = System.nanoTime();
        AccessOutcome outcome;
        try {
            outcome = interpret(kind, Http.sendWithHeaders(nodes.port(request.node()), kind.method(), target, headers));
        } catch (Http.NotSent e) {
            outcome = AccessOutcome.of(Status.NOT_DONE, "not sent");
        } catch (SocketTimeoutException e) {
            outcome = AccessOutcome.of(Status.ABANDONED, "no response in time");
        } catch (IOException e) {
            outcome = AccessOutcome.of(Status.UNKNOWN, String.valueOf(e.getMessage()));
        }
        outcome = lost ? outcome.ignored() : outcome;
        operations.add(new AccessOperation(
                id,
                kind,
                request.family(),
                request.user(),
                request.token(),
                request.node(),
                start,
                System.nanoTime(),
                outcome));
        return outcome;
    }

    private AccessOutcome interpret(AccessKind kind, Http.Response response) {
        Status status = statusOf(kind, response);
        String cookie = null;
        boolean cleared = false;
        for (String line : response.values("Set-Cookie")) {
            String[] parts = line.split(";", -1);
            boolean removes = line.toLowerCase(Locale.ROOT).contains("max-age=0");
            cleared = removes || cleared;
            cookie = removes ? cookie : parts[0];
        }
        String note = response.status()
                + (status == Status.ACCEPTED ? "" : " " + response.body().strip());
        boolean isRefresh = flavor == AccessFlavor.TOKENS;
        return new AccessOutcome(
                status,
                note.strip(),
                isRefresh ? line(response, AccessNode.ACCESS) : cookie,
                isRefresh ? cookie : null,
                line(response, AccessNode.SEEN),
                cleared,
                false);
    }

    private static @Nullable String line(Http.Response response, String start) {
        return response.body()
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElse(null);
    }

    /** Interprets a response strictly: "Nothing was saved" must be true, except of an end of several sessions. */
    private static Status statusOf(AccessKind kind, Http.Response response) {
        boolean nothingSaved = response.body().contains("Nothing was saved") && kind != AccessKind.END_ALL;
        return switch (response.status()) {
            case 200 -> Status.ACCEPTED;
            case 401 -> Status.REFUSED;
            case 409 -> statusOfConflict(kind, nothingSaved);
            case 503 -> nothingSaved ? Status.NOT_DONE : Status.UNKNOWN;
            default -> Status.INVALID;
        };
    }

    /** An end of all sessions may hit a login, and another end may be faster than an end. */
    private static Status statusOfConflict(AccessKind kind, boolean nothingSaved) {
        if (kind == AccessKind.LOGIN && nothingSaved) {
            return Status.NOT_DONE;
        }
        return kind.ends() ? Status.UNKNOWN : Status.INVALID;
    }
}
