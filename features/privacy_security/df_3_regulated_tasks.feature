Feature: DF.3 Other information for regulated tasks
  Data for a regulated task are given to the client that has the right to them and to no other.

  @DF.3 @positive @effect.reads
  Scenario Outline: DF.3-P01 The reading client is given the data that it has the right to
    Given the device has the object "<object>"
    And the reading client is associated
    When the head end reads "<object>"
    Then the answer is a value

    Examples:
      | row          | object              |
      | import-total | energy_import_total |
      | power        | power_import        |
      | demand       | max_demand_import   |

  @DF.3 @positive @effect.reads @needs.second_connection @needs.second_association @needs.public_association @needs.energy_import_total
  Scenario: DF.3-P02 The reading client keeps its right while the public client is associated as well
    Given the public client is associated on a connection of its own
    And the reading client is associated
    When the head end reads "energy_import_total"
    Then the answer is a value

  @DF.3 @negative @effect.reads @needs.public_association
  Scenario Outline: DF.3-N01 What the reading client is given the public client is refused
    Given the device has the object "<object>"
    And the reading client is given "<object>"
    And the public client is associated
    When the client asks for "<object>" without the right to it
    Then no metering data is delivered

    Examples:
      | row            | object                |
      | import-total   | energy_import_total   |
      | export-total   | energy_export_total   |
      | power          | power_import          |
      | demand         | max_demand_import     |
      | average-demand | average_demand_import |
      | load-profile   | load_profile          |

  @DF.3 @negative @effect.reads @needs.public_association @needs.energy_import_total
  Scenario: DF.3-N02 The public client is refused registers in a list as well
    Given the public client is associated
    When the client asks for the energy registers in one list with the logical device name
    Then no value of a register is delivered

  @DF.3 @negative @effect.reads @needs.public_association @needs.load_profile @needs.clock
  Scenario Outline: DF.3-N03 The public client is refused parts of the load profile
    Given the public client is associated
    When the client asks for the load profile by <selector>
    Then no metering data is delivered

    Examples:
      | row   | selector |
      | range | range    |
      | entry | entry    |

  @DF.3 @negative @effect.reads @needs.public_association @needs.second_association @needs.second_connection @needs.energy_import_total
  Scenario: DF.3-N04 The public client is refused what the reading client is given at the same time
    Given the reading client reads "energy_import_total" and stays associated
    And the public client is associated
    When the client asks for "energy_import_total" without the right to it
    Then no metering data is delivered

  @DF.3 @negative @effect.reads @needs.pre_established_association @needs.energy_import_total
  Scenario: DF.3-N05 A client that never associated is refused measured values
    When the pre-established client asks for "energy_import_total"
    Then no metering data is delivered
