package dev.sojourn.demo.pages;

import dev.sojourn.Session;
import dev.sojourn.demo.web.Answer;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Sets, changes and removes attributes. */
final class AttributesPage {
    static final int LONGEST_NAME = 40;
    static final int LONGEST_VALUE = 500;
    private static final int MOST = 20;
    /** Other pages keep numbers there. */
    private static final Set<String> OURS = Set.of(CounterPage.VIEWS.name(), CostPage.MEASURED.name());

    private final Templates templates;

    AttributesPage(Templates templates) {
        this.templates = templates;
    }

    void mount(Routes routes) {
        routes.get(
                "/attributes",
                request -> templates.page(
                        request, "attributes", "Attributes", view(request.session(), Field.EMPTY, Field.EMPTY)));
        routes.post("/attributes/set", this::set);
        routes.post("/attributes/remove", this::remove);
        routes.post("/attributes/clear", this::clear);
    }

    private Answer set(Request request) {
        Session session = request.session();
        Field name = name(request, session);
        Field value = Field.of("The value", request.field("value"), LONGEST_VALUE);
        if (!name.isFine() || !value.isFine()) {
            return templates.mistaken(request, "attributes", "/attributes", "Attributes", view(session, name, value));
        }
        session.set(name.value(), value.value());
        return Answer.seeOther(Notice.SAVED.at("/attributes"));
    }

    private static Field name(Request request, Session session) {
        Field name = Field.of("The name", request.field("name"), LONGEST_NAME);
        if (OURS.contains(name.value())) {
            return name.wrong("“" + name.value()
                    + "” belongs to another page, which keeps a number there. Please take another name.");
        }
        if (name.isFine() && !session.has(name.value()) && session.names().size() >= MOST) {
            return name.wrong("There are " + MOST + " attributes already. Please remove one first.");
        }
        return name;
    }

    private Answer remove(Request request) {
        request.session().remove(request.field("name"));
        return Answer.seeOther(Notice.REMOVED.at("/attributes"));
    }

    private Answer clear(Request request) {
        request.session().clear();
        return Answer.seeOther(Notice.CLEARED.at("/attributes"));
    }

    private static View view(Session session, Field name, Field value) {
        List<Attribute> attributes = new ArrayList<>();
        for (String attribute : session.names()) {
            attributes.add(new Attribute(attribute, String.valueOf(session.get(attribute, Object.class))));
        }
        return new View(attributes, name, value);
    }

    record View(List<Attribute> attributes, Field name, Field value) {
        boolean isMistaken() {
            return !name.isFine() || !value.isFine();
        }
    }

    record Attribute(String name, String value) {
        boolean isOurs() {
            return OURS.contains(name);
        }
    }
}
