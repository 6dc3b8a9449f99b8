package dev.sojourn.proof.interleavings;

import dev.sojourn.Session;
import dev.sojourn.UserSessions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session and concurrent requests of its browser on different nodes. Runs every schedule of their store calls, with no fault
 * and with each single fault.
 */
final class Scenario {
    private final String name;
    private final Cluster cluster;
    private final List<Request> requests = new ArrayList<>();
    private final List<UserOperation> userOperations = new ArrayList<>();
    private Consumer<Session> firstRequest = session -> session.set("mark", "first");
    private Consumer<Cluster> preparation = any -> {};
    private Set<Fault> faults = Fault.ALL;

    private record Request(
            String name,
            int node,
            Client client,
            Consumer<Session> handler,
            @Nullable Consumer<Session> next) {}

    /** Who sends a request. */
    private enum Client {
        /** The browser that has the session. */
        FIRST,
        /** Another one, without a cookie. */
        NEW
    }

    private record UserOperation(String name, int node, String subject, Consumer<UserSessions> work) {}

    /**
     * The outcome of one schedule.
     *
     * @param cluster the cluster afterwards
     * @param cookie the cookie that all requests carried
     * @param responses the responses of the nodes that did not stop
     * @param withoutResponse the number of nodes that stopped without a response
     */
    record Outcome(Cluster cluster, @Nullable String cookie, List<Response> responses, int withoutResponse) {
        boolean isAcknowledged(String request) {
            return responses.stream()
                    .anyMatch(response -> response.request().equals(request) && response.isAcknowledged());
        }

        long acknowledgedCount() {
            return responses.stream().filter(Response::isAcknowledged).count();
        }

        /** Returns the number of requests whose change may or may not have been done. */
        long unknown() {
            return withoutResponse
                    + responses.stream()
                            .filter(response -> response.status() == 503)
                            .count();
        }

        Response response(String request) {
            return responses.stream()
                    .filter(response -> response.request().equals(request))
                    .findFirst()
                    .orElseThrow();
        }

        /** Returns every cookie that a client had at any time. */
        List<@Nullable String> allCookies() {
            List<@Nullable String> cookies = new ArrayList<>();
            cookies.add(cookie);
            for (Response response : responses) {
                Browser browser = new Browser(null);
                browser.receive(response);
                cookies.add(browser.cookie());
            }
            return cookies;
        }
    }

    Scenario(String name) {
        this(name, new Cluster());
    }

    Scenario(String name, Cluster cluster) {
        this.name = name;
        this.cluster = cluster;
    }

    /** Sets the request that creates the session. */
    Scenario startWith(Consumer<Session> handler) {
        firstRequest = handler;
        return this;
    }

    /** Runs schedules without faults only: three actors and a fault have too many schedules for every build. */
    Scenario withoutFaults() {
        faults = Fault.WITHOUT;
        return this;
    }

    /** Sets an action between the first request and the concurrent ones. */
    Scenario beforeRequests(Consumer<Cluster> change) {
        preparation = change;
        return this;
    }

    Scenario request(String request, Consumer<Session> handler) {
        requests.add(new Request(request, requests.size(), Client.FIRST, handler, null));
        return this;
    }

    /** Adds a request of another browser, which has no cookie. */
    Scenario requestOfAnotherBrowser(String request, Consumer<Session> handler) {
        requests.add(new Request(request, requests.size(), Client.NEW, handler, null));
        return this;
    }

    /** Runs schedules with one of these faults at most. */
    Scenario withFaults(Set<Fault> some) {
        faults = some;
        return this;
    }

    /** Adds a request that is followed by one named {@code next} with the cookie of its response. */
    Scenario requestThenNext(String request, Consumer<Session> handler, Consumer<Session> next) {
        requests.add(new Request(request, requests.size(), Client.FIRST, handler, next));
        return this;
    }

    /** Adds an operation on all sessions of a user, concurrent with the requests. */
    Scenario userOperation(String operation, String subject, Consumer<UserSessions> work) {
        userOperations.add(new UserOperation(operation, requests.size() + userOperations.size(), subject, work));
        return this;
    }

    /** Runs and checks all schedules, and returns the number of different final states. */
    int check(Consumer<Outcome> invariant) {
        return check(new Schedules(), invariant);
    }

    /** Runs and checks the given schedules, and returns the number of different final states. */
    int check(Schedules schedules, Consumer<Outcome> invariant) {
        do {
            Outcome outcome;
            try {
                outcome = run(schedules);
            } catch (AssertionError e) {
                throw new AssertionError(name + ", " + schedules + ": " + e.getMessage(), e);
            }
            if (outcome == null) {
                continue;
            }
            try {
                invariant.accept(outcome);
            } catch (AssertionError e) {
                throw new AssertionError(
                        name + ", " + schedules + ", responses " + outcome.responses() + ": " + e.getMessage(), e);
            }
        } while (schedules.next());
        return schedules.finalStates();
    }

    @Override
    public String toString() {
        return name;
    }

    private @Nullable Outcome run(Schedules schedules) {
        cluster.reset();
        Browser jar = new Browser(null);
        jar.receive(cluster.createSession(firstRequest));
        preparation.accept(cluster);
        List<Response> responses = new ArrayList<>();
        Execution execution = new Execution(schedules, faults, () -> cluster.state() + sorted(responses));
        for (Request request : requests) {
            // A node keeps nothing of a request that has finished.
            execution.add(
                    () -> perform(request, request.client() == Client.FIRST ? jar.cookie() : null, responses),
                    new Actor.Traits(any -> false, true, false));
        }
        for (UserOperation operation : userOperations) {
            execution.add(
                    () -> responses.add(cluster.runUserOperation(
                            operation.name(), operation.node(), operation.work(), operation.subject())),
                    Actor.Traits.NONE);
        }
        if (!execution.run()) {
            return null;
        }
        return new Outcome(cluster, jar.cookie(), List.copyOf(responses), execution.stopped());
    }

    private static String sorted(List<Response> responses) {
        return responses.stream().map(Response::toString).sorted().toList().toString();
    }

    private void perform(Request request, @Nullable String cookie, List<Response> responses) {
        Response response = cluster.request(request.name(), request.node(), cookie, request.handler());
        responses.add(response);
        if (request.next() != null) {
            Browser browser = new Browser(cookie);
            browser.receive(response);
            responses.add(cluster.request("next", request.node(), browser.cookie(), request.next()));
        }
    }
}
