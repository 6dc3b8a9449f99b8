package dev.sojourn.proof.interleavings;

import dev.sojourn.Session;
import dev.sojourn.UserSessions;
import dev.sojourn.proof.interleavings.GatedStore.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A session, some requests of its browser that arrive at the same time on different nodes, and what must hold whatever
 * the order. Runs every schedule of their store calls, with no fault and with each single fault.
 */
final class Scenario {
    private final String name;
    private final World world;
    private final List<Request> requests = new ArrayList<>();
    private final List<Act> acts = new ArrayList<>();
    private Consumer<Session> beginning = session -> session.set("mark", "first");
    private Consumer<World> meanwhile = any -> {};
    private boolean faults = true;

    private record Request(
            String name,
            int node,
            Consumer<Session> handler,
            @Nullable Consumer<Session> next) {}

    private record Act(String name, int node, String subject, Consumer<UserSessions> work) {}

    /**
     * What came of one schedule.
     *
     * @param world the store afterwards
     * @param cookie the cookie that all requests carried
     * @param answers what the client heard, of the nodes that lived to answer
     * @param unanswered how many nodes did not
     */
    record Outcome(World world, @Nullable String cookie, List<Answer> answers, int unanswered) {
        boolean acknowledged(String request) {
            return answers.stream().anyMatch(answer -> answer.request().equals(request) && answer.acknowledged());
        }

        long acknowledged() {
            return answers.stream().filter(Answer::acknowledged).count();
        }

        /** Requests whose change may or may not have happened. */
        long inDoubt() {
            return unanswered
                    + answers.stream().filter(answer -> answer.status() == 503).count();
        }

        Answer answer(String request) {
            return answers.stream()
                    .filter(answer -> answer.request().equals(request))
                    .findFirst()
                    .orElseThrow();
        }

        /** Every cookie that anybody ever had. */
        List<@Nullable String> allCookies() {
            List<@Nullable String> cookies = new ArrayList<>();
            cookies.add(cookie);
            for (Answer answer : answers) {
                Browser browser = new Browser(null);
                browser.hears(answer);
                cookies.add(browser.cookie());
            }
            return cookies;
        }
    }

    Scenario(String name) {
        this(name, new World());
    }

    Scenario(String name, World world) {
        this.name = name;
        this.world = world;
    }

    /** What the session holds before; null for no session at all. */
    Scenario beginsWith(Consumer<Session> handler) {
        beginning = handler;
        return this;
    }

    /** Only in every order, not with faults too: three actors and a fault make too many schedules for every build. */
    Scenario withoutFaults() {
        faults = false;
        return this;
    }

    /** What happens to the world between the beginning and the requests. */
    Scenario then(Consumer<World> change) {
        meanwhile = change;
        return this;
    }

    Scenario request(String request, Consumer<Session> handler) {
        requests.add(new Request(request, requests.size(), handler, null));
        return this;
    }

    /** A request, and a second one named {@code next} with the cookie that the first one's answer left in the jar. */
    Scenario requestThenNext(String request, Consumer<Session> handler, Consumer<Session> next) {
        requests.add(new Request(request, requests.size(), handler, next));
        return this;
    }

    /** Something that is done to all sessions of a user, at the same time as the requests. */
    Scenario act(String act, String subject, Consumer<UserSessions> work) {
        acts.add(new Act(act, requests.size() + acts.size(), subject, work));
        return this;
    }

    /** Runs all schedules and checks each; gives their number. */
    int holds(Consumer<Outcome> law) {
        Schedules schedules = new Schedules();
        int run = 0;
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
                law.accept(outcome);
            } catch (AssertionError e) {
                throw new AssertionError(
                        name + ", " + schedules + ", answers " + outcome.answers() + ": " + e.getMessage(), e);
            }
            run++;
        } while (schedules.next());
        return run;
    }

    @Override
    public String toString() {
        return name;
    }

    private @Nullable Outcome run(Schedules schedules) {
        world.renew();
        Browser jar = new Browser(null);
        jar.hears(world.begin(beginning));
        meanwhile.accept(world);
        List<Answer> answers = new ArrayList<>();
        List<Actor> actors = new ArrayList<>();
        for (Request request : requests) {
            Actor actor = new Actor(() -> perform(request, jar.cookie(), answers));
            actor.run(Fault.NONE);
            actors.add(actor);
        }
        for (Act act : acts) {
            Actor actor = new Actor(() -> answers.add(world.act(act.name(), act.node(), act.work(), act.subject())));
            actor.run(Fault.NONE);
            actors.add(actor);
        }
        List<Late> late = new ArrayList<>();
        boolean faultLeft = faults;
        while (true) {
            List<Step> steps = possible(actors, late, faultLeft);
            if (steps.isEmpty()) {
                break;
            }
            Step step = schedules.choose(steps);
            if (step == null) {
                actors.forEach(Actor::abandon);
                return null;
            }
            faultLeft &= step.fault() == Fault.NONE;
            take(step, actors, late);
        }
        int unanswered = (int) actors.stream().filter(Actor::isDead).count();
        return new Outcome(world, jar.cookie(), List.copyOf(answers), unanswered);
    }

    private void perform(Request request, @Nullable String cookie, List<Answer> answers) {
        Answer answer = world.request(request.name(), request.node(), cookie, request.handler());
        answers.add(answer);
        if (request.next() != null) {
            Browser browser = new Browser(cookie);
            browser.hears(answer);
            answers.add(world.request("next", request.node(), browser.cookie(), request.next()));
        }
    }

    /** A call that arrives long after its caller gave up on it. */
    private record Late(Step step, Call call) {}

    private static List<Step> possible(List<Actor> actors, List<Late> late, boolean faultLeft) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < actors.size(); i++) {
            Actor actor = actors.get(i);
            if (actor.isFinished()) {
                continue;
            }
            Call call = actor.waiting();
            for (Fault fault : Fault.values()) {
                if (fault == Fault.NONE || (faultLeft && fault.tellsOf(call))) {
                    steps.add(new Step(i, actor.callsBefore(), false, call.name(), call.key(), call.reads(), fault));
                }
            }
        }
        late.forEach(each -> steps.add(each.step()));
        return steps;
    }

    private static void take(Step step, List<Actor> actors, List<Late> late) {
        if (step.late()) {
            Late arriving = late.stream()
                    .filter(each -> each.step().equals(step))
                    .findFirst()
                    .orElseThrow();
            late.remove(arriving);
            arriving.call().perform();
            return;
        }
        Actor actor = actors.get(step.actor());
        if (step.fault() == Fault.DONE_LATER) {
            Step arrival =
                    new Step(step.actor(), step.number(), true, step.call(), step.key(), step.reads(), Fault.NONE);
            late.add(new Late(arrival, actor.waiting()));
        }
        actor.run(step.fault());
    }
}
