package dev.sojourn.demo.pages;

import dev.sojourn.EditableSession;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Sets, changes and removes attributes. */
final class AttributesPage {
    static final int MAX_NAME_LENGTH = 40;
    static final int MAX_VALUE_LENGTH = 500;
    private static final int MAX_ATTRIBUTES = 20;
    /** Attributes that other pages use. */
    private static final Set<String> RESERVED =
            Set.of(CounterPage.VIEWS.name(), CostPage.MEASURED.name(), AccountPage.MAIL.name());

    private final Templates templates;
    private final AttributeRoom room;

    AttributesPage(Templates templates, AttributeRoom room) {
        this.templates = templates;
        this.room = room;
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

    private Response set(Request request) {
        EditableSession session = request.session();
        Field name = name(request, session);
        Field value = value(request, session, name.value());
        if (!name.isValid() || !value.isValid()) {
            return templates.invalidForm(
                    request, "attributes", "/attributes", "Attributes", view(session, name, value));
        }
        session.set(name.value(), value.value());
        return Response.seeOther(Notice.SAVED.addTo("/attributes"));
    }

    private static Field name(Request request, EditableSession session) {
        Field name = Field.of("The name", request.field("name"), MAX_NAME_LENGTH);
        if (RESERVED.contains(name.value())) {
            return name.withProblem("“" + name.value() + "” is used by another page. Please choose another name.");
        }
        if (name.isValid() && !session.has(name.value()) && session.names().size() >= MAX_ATTRIBUTES) {
            return name.withProblem("There are already " + MAX_ATTRIBUTES + " attributes. Please remove one first.");
        }
        return name;
    }

    private Field value(Request request, EditableSession session, String name) {
        Field value = Field.of("The value", request.field("value"), MAX_VALUE_LENGTH);
        int size = room.sizeWith(session, name, value.value());
        if (value.isValid() && size > room.bytes()) {
            return value.withProblem("The session has no room for it: names and values would have " + size
                    + " bytes; the maximum is " + room.bytes() + ", because the session is in the cookie.");
        }
        return value;
    }

    private Response remove(Request request) {
        request.session().remove(request.field("name"));
        return Response.seeOther(Notice.REMOVED.addTo("/attributes"));
    }

    private Response clear(Request request) {
        request.session().clear();
        return Response.seeOther(Notice.CLEARED.addTo("/attributes"));
    }

    private static View view(EditableSession session, Field name, Field value) {
        List<Attribute> attributes = new ArrayList<>();
        for (String attribute : session.names()) {
            attributes.add(new Attribute(attribute, String.valueOf(session.get(attribute, Object.class))));
        }
        return new View(attributes, name, value);
    }

    record View(List<Attribute> attributes, Field name, Field value) {
        boolean isInvalid() {
            return !name.isValid() || !value.isValid();
        }
    }

    record Attribute(String name, String value) {
        boolean isReserved() {
            return RESERVED.contains(name);
        }
    }
}
