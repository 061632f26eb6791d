"""`jiaohao simulate`: days of a hall in virtual time; visitors and clerks are drawn by lot, the hall's own rules decide."""
