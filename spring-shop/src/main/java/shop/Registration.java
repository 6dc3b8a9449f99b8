package shop;

import java.io.Serializable;

/** The data that a user has entered in a form of two pages. */
public class Registration implements Serializable {
    private static final long serialVersionUID = 1L;

    private String name;
    private String city;

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getCity() {
        return city;
    }

    public void setCity(String city) {
        this.city = city;
    }
}
